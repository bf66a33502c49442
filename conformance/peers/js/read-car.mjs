// read-car reads a CAR with @ipld/car: roots, how many blocks of how many bytes, each sha2-256 block checked against its CID.
import { createReadStream } from 'node:fs'
import { CarBlockIterator } from '@ipld/car'
import { sha256 } from 'multiformats/hashes/sha2'

const blocks = await CarBlockIterator.fromIterable(createReadStream(process.argv[2]))
const roots = await blocks.getRoots()
let count = 0
let size = 0
for await (const { cid, bytes } of blocks) {
  if (cid.multihash.code === sha256.code) {
    const digest = await sha256.digest(bytes)
    if (Buffer.compare(digest.digest, cid.multihash.digest) !== 0) throw new Error(`${cid} has other bytes`)
  }
  count++
  size += bytes.length
}
console.log(`version ${blocks.version} roots ${roots.length} blocks ${count} bytes ${size}`)
