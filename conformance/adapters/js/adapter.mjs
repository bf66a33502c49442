// Adapter of the conformance kit over the JavaScript libraries: JSON lines on stdin and stdout.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { CarReader, CarWriter } from '@ipld/car'
import { CarIndexer } from '@ipld/car/indexer'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import { privateKeyFromProtobuf, publicKeyFromProtobuf, publicKeyToProtobuf } from '@libp2p/crypto/keys'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { peerIdFromCID, peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { murmur3128 } from '@multiformats/murmur3'
import { MemoryBlockstore } from 'blockstore-core'
import { UnixFS } from 'ipfs-unixfs'
import { exporter, recursive } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced, trickle } from 'ipfs-unixfs-importer/layout'
import { createIPNSRecordWithExpiration, marshalIPNSRecord, multihashToIPNSRoutingKey, unmarshalIPNSRecord } from 'ipns'
import { ipnsSelector } from 'ipns/selector'
import { ipnsValidator } from 'ipns/validator'
import { varint } from 'multiformats'
import { bases as allBases } from 'multiformats/basics'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as digest from 'multiformats/hashes/digest'
import { identity } from 'multiformats/hashes/identity'
import { sha1 } from 'multiformats/hashes/sha1'
import { sha256, sha512 } from 'multiformats/hashes/sha2'

const hex = (u8) => Buffer.from(u8.buffer, u8.byteOffset, u8.length).toString('hex')
const octets = (v) => new Uint8Array(typeof v === 'string' ? Buffer.from(v, 'hex') : readFileSync(v.file))
const plain = (n) => typeof n === 'bigint' ? Number(n) : n

const bases = Object.values(allBases)
const anyBase = bases.map((b) => b.decoder).reduce((a, b) => a.or(b))
const baseNamed = (name) => {
  const b = bases.find((b) => b.name === name)
  if (b == null) throw new Error(`no base ${name}`)
  return b
}
const hashes = { 0: identity, 17: sha1, 18: sha256, 19: sha512 }
const codecs = { 'dag-cbor': dagCbor, 'dag-json': dagJson, 'dag-pb': dagPb, raw }
const parseCid = (text) => CID.parse(text, anyBase)
const cidOf = (i) => i.text != null ? parseCid(i.text) : CID.decode(octets(i.bytes))
const describeCid = (c) => ({ version: c.version, codec: c.code, hash: hex(c.multihash.bytes), bytes: hex(c.bytes) })

// the kit's notation of values
function toValue (v) {
  if (v === null || typeof v === 'boolean') return v
  if (typeof v === 'string') return v.isWellFormed() ? v : { text: hex(Buffer.from(v, 'utf16le')) }
  if (typeof v === 'bigint') return { int: v.toString() }
  if (typeof v === 'number') {
    if (Number.isInteger(v) && !Object.is(v, -0)) return { int: v.toString() }
    const b = Buffer.alloc(8)
    b.writeDoubleBE(v)
    return { float: b.toString('hex') }
  }
  if (v instanceof Uint8Array) return { bytes: hex(v) }
  const cid = CID.asCID(v)
  if (cid != null) return { link: cid.toString() }
  if (Array.isArray(v)) return v.map(toValue)
  return { map: Object.entries(v).filter(([, x]) => x !== undefined).map(([k, x]) => [k, toValue(x)]) }
}
function fromValue (v) {
  if (v === null || typeof v !== 'object') return v
  if (Array.isArray(v)) return v.map(fromValue)
  if (v.int != null) { const n = BigInt(v.int); return Number.isSafeInteger(Number(n)) ? Number(n) : n }
  if (v.float != null) return Buffer.from(v.float, 'hex').readDoubleBE()
  if (v.bytes != null) return octets(v.bytes)
  if (v.text != null) return octets(v.text).toString()
  if (v.link != null) return parseCid(v.link)
  const out = {}
  for (const [k, x] of v.map) Object.defineProperty(out, k, { value: fromValue(x), enumerable: true, writable: true, configurable: true })
  return out
}
const encode = (name, value) => codecs[name].encode(value)

function * linksOf (v) {
  if (v === null || typeof v !== 'object' || v instanceof Uint8Array) return
  const cid = CID.asCID(v)
  if (cid != null) yield cid.toString()
  else for (const x of Object.values(v)) yield * linksOf(x)
}

const addressOf = (m) => ({
  bytes: hex(m.bytes),
  text: m.toString(),
  components: m.getComponents().map((c) => [c.code, c.value ?? ''])
})

const sizeOf = (chunker) => {
  const m = /^size-(\d+)$/.exec(chunker)
  if (m == null) throw new Error(`no chunker ${chunker}`)
  return Number(m[1])
}
const importOptions = (i) => ({
  cidVersion: i.cid_version,
  rawLeaves: i.raw_leaves,
  // what Kubo does for trickle trees and for files with metadata
  leafType: i.layout === 'trickle' ? 'raw' : 'file',
  reduceSingleLeafToSelf: i.layout !== 'trickle' && i.mode == null && i.mtime == null,
  chunker: fixedSize({ chunkSize: sizeOf(i.chunker) }),
  layout: i.layout === 'trickle' ? trickle({ maxChildrenPerNode: i.max_links, layerRepeat: 4 }) : balanced({ maxChildrenPerNode: i.max_links }),
  shardSplitStrategy: i.shard === 'block' ? 'block-bytes' : 'links-bytes',
  shardSplitThresholdBytes: i.shard === 'always' ? 0 : i.shard === 'never' ? Infinity : i.threshold ?? 262144,
  shardFanoutBits: Math.log2(i.fanout ?? 256),
  fieldOrder: 'links-first'
})
function * candidates (path, node) {
  if (node.data != null) yield { path, content: octets(node.data) }
  else if (node.symlink != null) yield { path, link: node.symlink }
  else {
    yield { path }
    for (const [name, inner] of node.entries) yield * candidates(`${path}/${name}`, inner)
  }
}
const unixfsTypes = ['raw', 'directory', 'file', 'metadata', 'symlink', 'hamt-sharded-directory']
const describeData = (u) => {
  const out = { type: u.type, blocksizes: u.blockSizes.map(plain) }
  if (u.data != null) out.data = hex(u.data)
  if (u.type === 'file' || u.type === 'raw') out.filesize = plain(u.fileSize())
  if (u.hashType != null) out.hash_type = plain(u.hashType)
  if (u.fanout != null) out.fanout = plain(u.fanout)
  if (u.mtime != null) out.mtime = [plain(u.mtime.secs), u.mtime.nsecs ?? 0]
  return out
}
const routingKey = (name) => {
  const id = /^[1Q]/.test(name) ? peerIdFromString(name) : peerIdFromCID(parseCid(name))
  return multihashToIPNSRoutingKey(id.toMultihash())
}

const ops = {
  'varint.encode': ({ value }) => {
    const n = Number(value)
    return { bytes: hex(varint.encodeTo(n, new Uint8Array(varint.encodingLength(n)))) }
  },
  'varint.decode': ({ bytes }) => {
    const [value, size] = varint.decode(octets(bytes))
    return { value: String(value), size }
  },
  'multibase.encode': (i) => ({ text: baseNamed(i.base).encode(octets(i.bytes)) }),
  'multibase.decode': ({ text }) => {
    const found = bases.find((b) => text.startsWith(b.prefix))
    if (found == null) throw new Error('no such base')
    return { base: found.name, bytes: hex(found.decode(text)) }
  },
  'multihash.decode': ({ bytes }) => {
    const d = digest.decode(octets(bytes))
    return { code: d.code, digest: hex(d.digest) }
  },
  'multihash.encode': (i) => ({ bytes: hex(digest.create(i.code, octets(i.digest)).bytes) }),
  'multihash.sum': async (i) => ({ bytes: hex((await hashes[i.code].digest(octets(i.data), i.size != null ? { truncate: i.size } : undefined)).bytes) }),
  'cid.parse': ({ text }) => describeCid(parseCid(text)),
  'cid.decode': ({ bytes }) => describeCid(CID.decode(octets(bytes))),
  'cid.decode_first': ({ bytes }) => {
    const all = octets(bytes)
    const [cid, rest] = CID.decodeFirst(all)
    return { ...describeCid(cid), size: all.length - rest.length }
  },
  'cid.format': (i) => ({ text: cidOf(i).toString(i.base != null ? baseNamed(i.base).encoder : undefined) }),
  'cid.to_v0': (i) => ({ text: cidOf(i).toV0().toString() }),
  'cid.to_v1': (i) => ({ text: cidOf(i).toV1().toString() }),
  'cid.sum': async (i) => ({ text: CID.create(i.version, i.codec, await hashes[i.hash].digest(octets(i.data))).toString() }),
  'cid.verify': async (i) => {
    const cid = cidOf(i)
    const have = await hashes[cid.multihash.code].digest(octets(i.data))
    if (hex(have.bytes) !== hex(cid.multihash.bytes)) throw new Error('another hash')
    return {}
  },
  'codec.decode': (i) => ({ value: toValue(codecs[i.codec].decode(octets(i.bytes))) }),
  'codec.encode': (i) => ({ bytes: hex(encode(i.codec, fromValue(i.value))) }),
  'codec.transcode': (i) => ({ bytes: hex(codecs[i.to].encode(codecs[i.from].decode(octets(i.bytes)))) }),
  'codec.links': (i) => ({ links: [...linksOf(codecs[i.codec].decode(octets(i.bytes)))] }),
  'multiaddr.parse': ({ text }) => addressOf(multiaddr(text)),
  'multiaddr.decode': ({ bytes }) => addressOf(multiaddr(octets(bytes))),
  'multiaddr.encapsulate': (i) => ({ text: multiaddr(i.a).encapsulate(i.b).toString() }),
  'multiaddr.decapsulate': (i) => ({ text: multiaddr(i.a).decapsulate(i.b).toString() }),
  'peer_id.parse': ({ text }) => {
    const p = text.startsWith('1') || text.startsWith('Qm') ? peerIdFromString(text) : peerIdFromCID(parseCid(text))
    return { bytes: hex(p.toMultihash().bytes), text: p.toString(), cid: p.toCID().toString(), ipns: p.toCID().toString(baseNamed('base36').encoder) }
  },
  'key.public': ({ bytes }) => {
    const key = publicKeyFromProtobuf(octets(bytes))
    return { type: key.type === 'secp256k1' ? 'Secp256k1' : key.type, bytes: hex(publicKeyToProtobuf(key)), peer_id: peerIdFromPublicKey(key).toString() }
  },
  'key.private': ({ bytes }) => {
    const key = privateKeyFromProtobuf(octets(bytes))
    return { type: key.type === 'secp256k1' ? 'Secp256k1' : key.type, public: hex(publicKeyToProtobuf(key.publicKey)) }
  },
  'key.sign': async (i) => ({ signature: hex(await privateKeyFromProtobuf(octets(i.key)).sign(octets(i.data))) }),
  'key.verify': async (i) => ({ valid: await publicKeyFromProtobuf(octets(i.key)).verify(octets(i.data), octets(i.signature)) }),
  'envelope.open': async (i) => {
    const e = await RecordEnvelope.openAndCertify(octets(i.bytes), i.domain)
    return { peer_id: peerIdFromPublicKey(e.publicKey).toString(), payload_type: hex(e.payloadType), payload: hex(e.payload) }
  },
  'envelope.seal': async (i) => {
    const record = { domain: i.domain, codec: octets(i.payload_type), marshal: () => octets(i.payload), equals: () => false }
    return { bytes: hex((await RecordEnvelope.seal(record, privateKeyFromProtobuf(octets(i.key)))).marshal()) }
  },
  'peer_record.open': async (i) => {
    const e = await RecordEnvelope.openAndCertify(octets(i.bytes), PeerRecord.DOMAIN)
    const r = PeerRecord.createFromProtobuf(e.payload)
    return { peer_id: r.peerId.toString(), seq: r.seqNumber.toString(), addresses: r.multiaddrs.map((a) => a.toString()) }
  },
  'peer_record.seal': async (i) => {
    const key = privateKeyFromProtobuf(octets(i.key))
    const record = new PeerRecord({ peerId: peerIdFromPublicKey(key.publicKey), multiaddrs: i.addresses.map((a) => multiaddr(a)), seqNumber: BigInt(i.seq) })
    return { bytes: hex((await RecordEnvelope.seal(record, key)).marshal()) }
  },
  'chunker.cuts': async (i) => {
    const lengths = []
    const data = octets(i.data)
    for await (const c of fixedSize({ chunkSize: sizeOf(i.chunker) })((async function * () { yield data })())) lengths.push(c.length)
    return { lengths }
  },
  // as the importer takes it: the first half
  'hamt.name_hash': async ({ name }) => ({ hash: hex((await murmur3128.encode(new TextEncoder().encode(name))).subarray(0, 8)) }),
  'unixfs.data_decode': ({ bytes }) => describeData(UnixFS.unmarshal(octets(bytes))),
  'unixfs.import_file': async (i) => {
    const store = new MemoryBlockstore()
    const candidate = { content: octets(i.data) }
    if (i.mode != null) candidate.mode = i.mode
    if (i.mtime != null) candidate.mtime = { secs: BigInt(i.mtime[0]), nsecs: i.mtime[1] || undefined }
    for await (const entry of importer([candidate], store, importOptions(i))) return { cid: entry.cid.toString() }
  },
  'unixfs.import_tree': async (i) => {
    const store = new MemoryBlockstore()
    let last
    for await (const entry of importer(candidates('root', i.tree), store, importOptions(i))) last = entry
    return { cid: last.cid.toString() }
  },
  'unixfs.read': async (i) => {
    const store = new MemoryBlockstore()
    const car = await CarReader.fromBytes(octets(i.car))
    for await (const { cid, bytes } of car.blocks()) await store.put(cid, bytes)
    const entries = []
    const root = parseCid(i.root)
    for await (const { cid, path: full } of recursive(root, store)) {
      const e = await exporter(cid, store)
      const path = full.split('/').slice(1).join('/')
      const out = { path, cid: e.cid.toString() }
      if (e.type === 'directory') out.type = 'directory'
      else if (e.type === 'file' && e.unixfs?.type === 'symlink') { out.type = 'symlink'; out.target = Buffer.from(e.unixfs.data).toString() }
      else if (e.type === 'file' || e.type === 'raw') {
        const h = createHash('sha256')
        let size = 0
        for await (const chunk of e.content()) { h.update(chunk); size += chunk.length }
        Object.assign(out, { type: 'file', size, sha256: h.digest('hex') })
      } else out.type = 'other'
      entries.push(out)
    }
    const order = (e) => Buffer.from(e.path)
    return { entries: entries.sort((a, b) => Buffer.compare(order(a), order(b))) }
  },
  'car.read': async ({ bytes }) => {
    const car = await CarReader.fromBytes(octets(bytes))
    const blocks = []
    for await (const b of car.blocks()) {
      const h = hashes[b.cid.multihash.code]
      if (h != null && hex((await h.digest(b.bytes)).bytes) !== hex(b.cid.multihash.bytes)) throw new Error('a block that is not of its CID')
      blocks.push([b.cid.toString(), hex(b.bytes)])
    }
    return { version: car.version, roots: (await car.getRoots()).map(String), blocks }
  },
  'car.write': async (i) => {
    const { writer, out } = CarWriter.create(i.roots.map(parseCid))
    const parts = []
    const reading = (async () => { for await (const p of out) parts.push(p) })()
    for (const [cid, data] of i.blocks) await writer.put({ cid: parseCid(cid), bytes: octets(data) })
    await writer.close()
    await reading
    return { bytes: hex(Buffer.concat(parts)) }
  },
  'car.sections': async ({ bytes }) => {
    const sections = []
    for await (const s of await CarIndexer.fromBytes(octets(bytes))) sections.push([s.cid.toString(), s.offset, s.blockOffset, s.blockLength])
    return { sections }
  },
  'ipns.validate': async (i) => {
    const record = octets(i.record)
    await ipnsValidator(routingKey(i.name), record)
    const r = unmarshalIPNSRecord(record)
    return { value: r.value, sequence: r.sequence.toString(), ttl: r.ttl?.toString(), validity: r.validity }
  },
  'ipns.create': async (i) => {
    const r = await createIPNSRecordWithExpiration(privateKeyFromProtobuf(octets(i.key)), i.value, BigInt(i.sequence), i.validity, { ttlNs: BigInt(i.ttl), v1Compatible: i.v1 })
    return { record: hex(marshalIPNSRecord(r)) }
  },
  'ipns.select': (i) => ({ index: ipnsSelector(routingKey(i.name), i.records.map(octets)) })
}

const hello = () => {
  const versions = JSON.parse(readFileSync(new URL('./package.json', import.meta.url))).dependencies
  return {
    name: 'js',
    version: Object.entries(versions).map(([k, v]) => `${k} ${v.replace('^', '')}`).join(', '),
    language: `javascript (node ${process.versions.node})`,
    ops: Object.keys(ops),
    features: ['hash:identity', 'hash:sha1', 'hash:sha2-256', 'hash:sha2-512', 'codec:dag-cbor', 'codec:dag-json', 'codec:dag-pb', 'codec:raw', 'layout:trickle', 'unixfs:metadata', 'car:v2', 'hamt:fanout', 'car:no-roots',
      ...bases.map((b) => `base:${b.name}`)]
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { id, op, in: input } = JSON.parse(line)
  if (op === 'bye') break
  let out
  if (op === 'hello') out = hello()
  else if (ops[op] == null) out = { unsupported: true }
  else {
    try {
      out = { ok: await ops[op](input) }
    } catch (e) {
      out = { err: { class: 'refused', text: String(e?.message ?? e).slice(0, 500) } }
    }
  }
  await new Promise((resolve) => process.stdout.write(JSON.stringify({ id, ...out }) + '\n', resolve))
}
process.exit(0)
