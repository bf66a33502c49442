// Adapter of the conformance kit over Helia: HTTP requests answered by @helia/verified-fetch, which is what a Helia gateway is made
// of, over a store that holds the blocks of the case's CAR and asks no network.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { normalize } from 'node:path'
import { createInterface } from 'node:readline'
import { createHeliaLight } from 'helia'
import { createVerifiedFetchWithHelia } from '@helia/verified-fetch'
import { CarReader } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'

const octets = (v) => new Uint8Array(typeof v === 'string' ? Buffer.from(v, 'hex') : readFileSync(v.file))
const hex = (u8) => Buffer.from(u8).toString('hex')
const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version

// a store alone: what is not there is nowhere
const nowhere = () => ({
  name: 'nowhere',
  async retrieve (cid) { throw new Error(`block ${cid} was not found`) },
  createSession () { return this },
  addProvider () {}
})
const helia = createHeliaLight({ blockBrokers: [nowhere], routers: [], codecs: [dagCbor, dagJson] })
await helia.start()
const fetch = await createVerifiedFetchWithHelia(helia)
const loaded = new Set()

async function load (car) {
  const bytes = octets(car)
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (loaded.has(digest)) return
  loaded.add(digest)
  const reader = await CarReader.fromBytes(bytes)
  for await (const { cid, bytes } of reader.blocks()) await helia.blockstore.put(cid, bytes)
}

// How many members of an archive lie outside of the folder where it is unpacked.
function outside (tar) {
  let count = 0
  const text = (at, n) => Buffer.from(tar.subarray(at, at + n)).toString().split('\0')[0]
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; at += 512 + Math.ceil(parseInt(text(at + 124, 12), 8) / 512) * 512) {
    const name = text(at, 100)
    if (name.startsWith('/') || normalize(name).split('/')[0] === '..') count++
  }
  return count
}

async function get (i) {
  if (i.car != null) await load(i.car)
  const resource = i.path.replace(/^\/(ipfs|ipns)\//, '$1://')
  const r = await fetch(resource, { method: i.method ?? 'GET', headers: i.headers ?? {}, redirect: 'manual', offline: true, signal: AbortSignal.timeout(8000) })
  const headers = Object.fromEntries(r.headers.entries())
  const body = new Uint8Array(await r.arrayBuffer())
  const out = { status: r.status, headers, size: body.length, sha256: createHash('sha256').update(body).digest('hex') }
  if (body.length <= 1 << 16) out.body = hex(body)
  out.outside = (headers['content-type'] ?? '').startsWith('application/x-tar') ? outside(body) : 0
  const [type, ...parameters] = (headers['content-type'] ?? '').split(';').map((s) => s.trim())
  if (type !== '') {
    out.content_type = type.toLowerCase()
    out.content_type_parameters = Object.fromEntries(parameters.map((p) => p.split('=').map((s) => s.replace(/^"|"$/g, ''))))
  }
  const disposition = headers['content-disposition']
  if (disposition != null) {
    out.disposition = disposition.split(';')[0].trim()
    const extended = /filename\*=utf-8''([^;]*)/i.exec(disposition)
    const simple = /filename="?([^";]*)/i.exec(disposition)
    out.disposition_filename = extended != null ? decodeURIComponent(extended[1]) : simple?.[1]
  }
  if (headers.location != null) out.location_path = headers.location.replace(/^[a-z]+:\/\/[^/]*(?=\/ip)/, '').replace(/^(ipfs|ipns):\/\//, '/$1/')
  if (out.content_type === 'application/vnd.ipld.car' && body.length > 0) {
    const reader = await CarReader.fromBytes(body)
    const blocks = []
    for await (const { cid } of reader.blocks()) blocks.push(cid.toString())
    out.car = { version: reader.version, roots: (await reader.getRoots()).map(String), blocks }
  }
  return out
}

const hello = {
  name: 'helia',
  version: ['@helia/verified-fetch', 'helia'].map((n) => `${n} ${version(n)}`).join(', '),
  language: `javascript (node ${process.versions.node})`,
  ops: ['gateway.get'],
  features: ['gateway:deserialized']
}

for await (const line of createInterface({ input: process.stdin })) {
  const q = JSON.parse(line)
  if (q.op === 'bye') break
  let a = hello
  if (q.op !== 'hello') {
    try {
      a = { ok: await get(q.in) }
    } catch (err) {
      a = { err: { class: 'refused', text: `${err.name}: ${err.message}`.slice(0, 500) } }
    }
  }
  process.stdout.write(JSON.stringify(q.id == null ? a : { ...a, id: q.id }) + '\n')
}
process.exit(0)
