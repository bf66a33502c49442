// A js-libp2p host for the matrix of tests/interop/matrix; the commands are those of conformance/peers/go/cmd/wire-peer.
import { noise } from '@chainsafe/libp2p-noise'
import { quic } from '@chainsafe/libp2p-quic'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { randomBytes } from 'node:crypto'
import { createLibp2p } from 'libp2p'

const echo = '/cairn-test/echo/1'
const sink = '/cairn-test/sink/1'
const [command, address, security, size] = process.argv.slice(2)

async function collect (stream) {
  const parts = []
  for await (const part of stream) parts.push(part.subarray())
  return Buffer.concat(parts)
}

async function send (stream, data) {
  for (let at = 0; at < data.length; at += 65536) {
    if (!stream.send(data.subarray(at, at + 65536))) await stream.onDrain()
  }
}

const node = await createLibp2p({
  addresses: { listen: command === 'listen' ? [address] : [] },
  transports: [tcp(), webSockets(), quic()],
  connectionEncrypters: security === 'tls' ? [tls()] : security === 'noise' ? [noise()] : [noise(), tls()],
  streamMuxers: [yamux()],
  connectionGater: { denyDialMultiaddr: () => false },
  services: { identify: identify(), ping: ping() }
})
await node.handle(echo, async (stream) => {
  for await (const part of stream) {
    if (!stream.send(part)) await stream.onDrain()
  }
  await stream.close()
})
await node.handle(sink, async (stream) => {
  let n = 0
  for await (const part of stream) n += part.byteLength
  stream.send(Buffer.from(String(n)))
  await stream.close()
})

if (command === 'listen') {
  console.log(node.getMultiaddrs()[0].toString())
  process.stdin.resume()
  process.stdin.on('end', () => process.exit(0))
} else {
  try {
    const connection = await node.dial(multiaddr(address), { signal: AbortSignal.timeout(30000) })
    const answer = { ok: true, security: connection.encryption, muxer: connection.multiplexer }
    if (command === 'perf') {
      const stream = await connection.newStream(sink)
      const chunk = randomBytes(1 << 20)
      const begin = performance.now()
      for (let i = 0; i < Number(size); i++) await send(stream, chunk)
      const got = collect(stream)
      await stream.close()
      answer.ok = (await got).toString() === String(Number(size) << 20)
      answer.seconds = (performance.now() - begin) / 1000
    } else {
      answer.ping = await node.services.ping.ping(connection.remotePeer) / 1000
      const stream = await connection.newStream(echo)
      const sent = randomBytes(1 << 20)
      const got = collect(stream)
      await send(stream, sent)
      await stream.close()
      answer.ok = (await got).equals(sent)
    }
    console.log(JSON.stringify(answer))
    process.exit(answer.ok ? 0 : 1)
  } catch (err) {
    console.log(JSON.stringify({ ok: false, error: String(err.stack ?? err) }))
    process.exit(1)
  }
}
