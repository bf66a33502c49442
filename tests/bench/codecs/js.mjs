// The codecs of JavaScript over the blocks of a folder; see tests/bench/versus_codecs.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, parse } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, modules] = process.argv.slice(2)
const require = createRequire(join(modules, 'package.json'))
const load = async name => import(pathToFileURL(join(modules, 'node_modules', name, 'src/index.js')).href).catch(() => import(pathToFileURL(join(modules, 'node_modules', name, 'dist/src/index.js')).href)).catch(() => import(require.resolve(name)))
const codecs = { cbor: await load('@ipld/dag-cbor'), json: await load('@ipld/dag-json') }
const bestOf = work => {
  let best = Infinity, spent = 0
  for (let run = 0; run < 5 || (spent < 5e8 && run < 1000); ++run) {
    const start = process.hrtime.bigint()
    work()
    const took = Number(process.hrtime.bigint() - start)
    best = Math.min(best, took)
    spent += took
  }
  return best
}
for (const file of readdirSync(folder).sort()) {
  const { name, ext } = parse(file)
  const codec = codecs[ext.slice(1)]
  const bytes = new Uint8Array(readFileSync(join(folder, file)))
  try {
    const value = codec.decode(bytes)
    console.log(name, ext.slice(1), 'decode', bestOf(() => codec.decode(bytes)))
    console.log(name, ext.slice(1), 'encode', bestOf(() => codec.encode(value)))
  } catch (error) {
    console.error(file, String(error))
  }
}
