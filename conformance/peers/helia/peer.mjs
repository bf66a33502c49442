// A Helia node with its default transports, channels and exchange, which does what the lines of its input say and answers each with one:
//   {"op": "connect" | "peers" | "add_file" | "add_tree" | "add_dag" | "cat" | "get" | "walk" | "bye", ...} -> {"ok": ...} | {"error": "..."}
// It listens on loopback, TCP and WebSocket, and asks nobody but whom it is connected to. SWARM_KEY names the key of a private network,
// which is made where there is none yet.
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { unixfs } from '@helia/unixfs'
import * as dagCbor from '@ipld/dag-cbor'
import { generateKey, preSharedKey } from '@libp2p/pnet'
import { multiaddr } from '@multiformats/multiaddr'
import { createHelia } from 'helia'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

// what this node would be told by a network that is not there
process.on('unhandledRejection', () => {})
process.on('uncaughtException', (e) => { console.error(e) })

const keyFile = process.env.SWARM_KEY
if (keyFile && !existsSync(keyFile)) {
  const key = new Uint8Array(95)
  generateKey(key)
  writeFileSync(keyFile, key)
}

const helia = createHelia({
  http: { recursiveGateways: [], delegatedRouters: [] },
  libp2p: {
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'] },
    connectionGater: { denyDialMultiaddr: () => false },
    peerDiscovery: [],
    ...(keyFile ? { connectionProtector: preSharedKey({ psk: readFileSync(keyFile) }) } : {})
  }
})
await helia.start()
const fs = unixfs(helia)

async function octets (block) {
  if (block instanceof Uint8Array) return block
  const parts = []
  for await (const part of block) parts.push(part)
  return Buffer.concat(parts)
}
async function block (cid, options) { return octets(await helia.blockstore.get(cid, options)) }

async function putNode (value) {
  const bytes = dagCbor.encode(value)
  const cid = CID.createV1(dagCbor.code, await sha256.digest(bytes))
  await helia.blockstore.put(cid, bytes)
  return cid
}

function * linksOf (value) {
  if (CID.asCID(value) != null) yield CID.asCID(value)
  else if (value != null && typeof value === 'object' && !(value instanceof Uint8Array)) for (const v of Object.values(value)) yield * linksOf(v)
}

async function write (chunks, path) {
  const file = createWriteStream(path)
  for await (const chunk of chunks) if (!file.write(chunk)) await once(file, 'drain')
  file.end()
  await once(file, 'finish')
}

const ops = {
  async connect ({ address }) { return (await helia.libp2p.dial(multiaddr(address))).remotePeer.toString() },
  async peers () { return helia.libp2p.getPeers().length },
  async add_file ({ path }) { return String(await fs.addByteStream(createReadStream(path))) },
  async add_tree ({ path }) {
    async function * entries () { for (const name of (await readdir(path)).sort()) yield { path: name, content: createReadStream(join(path, name)) } }
    let last
    for await (const entry of fs.addAll(entries(), { wrapWithDirectory: true, shardSplitThresholdBytes: 1000 })) last = entry.cid
    return String(last)
  },
  // leaves in groups below nodes, groups below a root
  async add_dag ({ blocks }) {
    const groups = []
    for (let left = blocks - 1; left > 0;) {
      const n = Math.min(left - 1, 24)
      const leaves = []
      for (let i = 0; i < n; i++) leaves.push(await putNode({ n: randomBytes(16), i }))
      groups.push(await putNode({ leaves }))
      left -= n + 1
    }
    return String(await putNode({ groups }))
  },
  async cat ({ cid, path }) { await write(fs.cat(CID.parse(cid)), path); return true },
  async get ({ cid, path }) {
    await mkdir(path, { recursive: true })
    const found = []
    for await (const entry of fs.ls(CID.parse(cid))) found.push(entry)
    let next = 0
    const worker = async () => {
      while (next < found.length) {
        const entry = found[next++]
        const parts = []
        for await (const part of fs.cat(CID.parse(String(entry.cid)))) parts.push(part)
        await writeFile(join(path, entry.name), Buffer.concat(parts))
      }
    }
    await Promise.all(Array.from({ length: 32 }, worker))
    return found.length
  },
  // every block below a dag-cbor root, as one digest over their CIDs and octets in the order of the CIDs
  async walk ({ cid }) {
    const seen = new Map()
    let level = [CID.parse(cid)]
    while (level.length > 0) {
      const below = []
      await Promise.all(level.map(async (c) => {
        if (seen.has(String(c))) return
        seen.set(String(c), null)
        const bytes = await block(c, { signal: AbortSignal.timeout(120000) })
        seen.set(String(c), Buffer.concat([c.bytes, bytes]))
        below.push(...linksOf(dagCbor.decode(bytes)))
      }))
      level = below
    }
    const all = [...seen.values()].sort(Buffer.compare)
    const h = createHash('sha256')
    for (const one of all) h.update(one)
    return { digest: h.digest('hex'), blocks: all.length }
  }
}

console.log(JSON.stringify({ ok: helia.libp2p.getMultiaddrs().map(String) }))
for await (const line of createInterface({ input: process.stdin })) {
  const q = JSON.parse(line)
  if (q.op === 'bye') break
  let a
  try {
    a = { ok: await ops[q.op](q) }
  } catch (err) {
    a = { error: `${err.stack ?? err}`.slice(0, 1000) }
  }
  console.log(JSON.stringify(a))
}
process.exit(0)
