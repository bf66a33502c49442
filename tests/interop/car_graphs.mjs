// car_graphs.mjs MODULES IN ROOT OUT: imports a CAR with @helia/car, counts what is below the root, exports that as another CAR.
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [modules, input, rootText, output] = process.argv.slice(2)
const resolve = async (name, file) => import(pathToFileURL(join(modules, 'node_modules', name, file)).href)
const { car } = await resolve('@helia/car', 'dist/src/index.js')
const { MemoryBlockstore } = await resolve('blockstore-core', 'dist/src/index.js')
const { CarReader } = await resolve('@ipld/car', 'src/index.js').catch(() => resolve('@ipld/car', 'dist/src/index.js'))
const { CID } = await resolve('multiformats', 'dist/src/index.js')
const { sha256 } = await resolve('multiformats', 'dist/src/hashes/sha2.js')
const dagCbor = await resolve('@ipld/dag-cbor', 'src/index.js').catch(() => resolve('@ipld/dag-cbor', 'dist/src/index.js'))

const blockstore = new MemoryBlockstore()
const silent = Object.assign(() => {}, { error () {}, trace () {}, newScope () { return silent } })
const helia = {
  blockstore,
  getCodec: () => dagCbor,
  getHasher: () => sha256,
  logger: { forComponent: () => silent }
}
const c = car(helia)
const reader = await CarReader.fromIterable(createReadStream(input))
await c.import(reader)
let count = 0
for await (const { cid, bytes } of blockstore.getAll()) {
  const octets = bytes instanceof Uint8Array ? bytes : await collect(bytes)
  const digest = await sha256.digest(octets)
  if (Buffer.compare(digest.digest, cid.multihash.digest) !== 0) throw new Error(`${cid} has other bytes`)
  count++
}
async function collect (parts) {
  const all = []
  for await (const p of parts) all.push(p)
  return Buffer.concat(all)
}
const out = createWriteStream(output)
for await (const part of c.export(CID.parse(rootText))) out.write(part)
await new Promise(resolve => out.end(resolve))
console.log(count)
