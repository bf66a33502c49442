// Every method of kubo-rpc-client that needs no other peer, against a running node of ours. What is left out, and why, is in `skipped`.
//   node kubo-rpc-client.mjs http://127.0.0.1:5001      (npm install kubo-rpc-client@7.1.0 beside it)
import assert from 'node:assert/strict'
import { create, globSource } from 'kubo-rpc-client'
import { CID } from 'multiformats/cid'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

const ipfs = create({ url: process.argv[2] })
const all = async (it) => { const out = []; for await (const x of it) out.push(x); return out }
const bytes = async (it) => Buffer.concat(await all(it))
const text = (s) => new TextEncoder().encode(s)
let passed = 0, failed = 0

const skipped = {
  'bitswap.*, dht.*, routing.*, ping, swarm.*, stats.bw, pubsub.*': 'need other peers; asked below for the error that Kubo gives offline',
  'pin.remote.*': 'needs a pinning service',
  'mount': 'needs FUSE',
  'diag.net': 'gone from Kubo'
}

async function test (name, what) {
  try {
    await what()
    passed++
  } catch (e) {
    failed++
    console.log(`FAILED ${name}: ${e.stack}`)
  }
}
const has = async (group) => (await ipfs.commands()).Subcommands.some(c => c.Name === group)

let root, file
await test('version', async () => { const v = await ipfs.version(); assert.match(v.version, /^0\.43/); assert.equal(v.repo, '18') })
await test('id', async () => { const me = await ipfs.id(); assert.match(me.id.toString(), /^12D3/); assert.ok(me.publicKey.length > 10) })
await test('commands', async () => { const c = await ipfs.commands(); assert.equal(c.Name, 'ipfs'); assert.ok(c.Subcommands.length > 20) })
await test('isOnline', async () => { assert.equal(typeof (await ipfs.isOnline()), 'boolean') })
await test('add text', async () => { file = await ipfs.add('hello\n'); assert.equal(file.cid.toString(), 'QmZULkCELmmk5XNfCgTnCyFgAVxBRBXyDHGGMVoLFLiXEN'); assert.equal(file.size, 14) })
await test('add with path, wrapped', async () => { const r = await ipfs.add({ path: 'a/b.txt', content: text('x') }, { wrapWithDirectory: true }); assert.ok(r.cid) })
await test('add options', async () => {
  const r = await ipfs.add(text('options'), { cidVersion: 1, rawLeaves: true, hashAlg: 'sha2-512', onlyHash: true, pin: false, chunker: 'size-4' })
  assert.equal(r.cid.version, 1); assert.equal(r.cid.multihash.code, 0x13)
})
await test('add mode and mtime', async () => {
  const r = await ipfs.add({ path: 'm', content: text('m'), mode: 0o600, mtime: { secs: 1700000000, nsecs: 5 } }, { preserveMode: true, preserveMtime: true })
  assert.ok(r.cid)
})
await test('add big, with progress', async () => {
  const seen = []
  const r = await ipfs.add((async function * () { for (let i = 0; i < 64; i++) yield new Uint8Array(65536).fill(i) })(), { progress: (n) => seen.push(n) })
  assert.ok(seen.length > 2 && seen.at(-1) === 64 * 65536)
  assert.equal((await bytes(ipfs.cat(r.cid))).length, 64 * 65536)
})
await test('addAll, a tree of objects', async () => {
  const got = await all(ipfs.addAll([{ path: 'd/one', content: text('1') }, { path: 'd/two', content: text('22') }, { path: 'd/deep/three', content: text('333') }]))
  assert.deepEqual(got.map(x => x.path).sort(), ['d', 'd/deep', 'd/deep/three', 'd/one', 'd/two'])
  root = got.find(x => x.path === 'd').cid
})
await test('addAll, globSource with a hidden file, an empty folder and odd names', async () => {
  const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'cairn-js-'))
  await fs.mkdir(path.join(dir, 'e')); await fs.writeFile(path.join(dir, 'q?&+ %41.txt'), 'odd'); await fs.writeFile(path.join(dir, '.h'), 'h')
  const got = await all(ipfs.addAll(globSource(dir, '**/*', { hidden: true }), { wrapWithDirectory: true }))
  assert.ok(got.some(x => x.path === 'q?&+ %41.txt'), JSON.stringify(got.map(x => x.path)))
  await fs.rm(dir, { recursive: true })
})
await test('cat', async () => { assert.equal((await bytes(ipfs.cat(file.cid))).toString(), 'hello\n'); assert.equal((await bytes(ipfs.cat(file.cid, { offset: 1, length: 3 }))).toString(), 'ell'); assert.equal((await bytes(ipfs.cat(`${root}/deep/three`))).toString(), '333') })
await test('cat, an error', async () => { await assert.rejects(bytes(ipfs.cat(`${root}/nope`)), /no link named/) })
await test('get', async () => { const tar = await bytes(ipfs.get(root)); assert.equal(tar.length % 512, 0); assert.equal(tar.subarray(257, 262).toString(), 'ustar') })
await test('get, compressed archive', async () => { const gz = await bytes(ipfs.get(root, { archive: true, compress: true })); assert.equal(gz[0], 0x1f) })
await test('ls', async () => { const l = await all(ipfs.ls(root)); assert.deepEqual(l.map(x => [x.name, x.type, x.size]), [['deep', 'dir', 0], ['one', 'file', 1], ['two', 'file', 2]]) })
await test('refs, refs.local', async () => { assert.equal((await all(ipfs.refs(root, { recursive: true }))).length, 4); assert.ok((await all(ipfs.refs.local())).length > 4) })
await test('resolve', async () => { assert.match(await ipfs.resolve(`/ipfs/${root}/deep/three`), /^\/ipfs\/Qm/) })
await test('block', async () => {
  const cid = await ipfs.block.put(text('block'), { format: 'raw', mhtype: 'sha2-256' })
  assert.equal(Buffer.from(await ipfs.block.get(cid)).toString(), 'block')
  assert.equal((await ipfs.block.stat(cid)).size, 5)
  const gone = await all(ipfs.block.rm(cid)); assert.equal(gone[0].cid.toString(), cid.toString())
  await assert.rejects(ipfs.block.get(cid), /not found/)
})
await test('dag', async () => {
  const cid = await ipfs.dag.put({ a: [1, 'two', { l: root }], b: new Uint8Array([1, 2]) }, { storeCodec: 'dag-cbor' })
  const back = (await ipfs.dag.get(cid)).value
  assert.equal(back.a[1], 'two'); assert.ok(CID.asCID(back.a[2].l).equals(root)); assert.deepEqual([...back.b], [1, 2])
  assert.equal((await ipfs.dag.get(cid, { path: '/a/1' })).value, 'two')
  const at = await ipfs.dag.resolve(`/ipfs/${cid}/a/0`); assert.equal(at.remainderPath.replace(/^\//, ''), 'a/0')
  const json = await ipfs.dag.put({ x: 1 }, { storeCodec: 'dag-json' }); assert.equal(json.code, 0x129)
})
await test('dag.export, dag.import', async () => {
  const car = await bytes(ipfs.dag.export(root))
  const got = await all(ipfs.dag.import((async function * () { yield car })()))
  assert.ok(got[0].root.cid.equals(root)); assert.ok(!got[0].root.pinErrorMsg)
})
await test('pin', async () => {
  const cid = (await ipfs.add('to be pinned', { pin: false })).cid
  assert.ok((await ipfs.pin.add(cid)).equals(cid))
  assert.deepEqual((await all(ipfs.pin.ls({ paths: cid }))).map(p => p.type), ['recursive'])
  assert.ok((await all(ipfs.pin.ls({ type: 'recursive' }))).some(p => p.cid.equals(cid)))
  assert.ok((await ipfs.pin.rm(cid)).equals(cid))
  await assert.rejects(all(ipfs.pin.ls({ paths: cid })), /is not pinned/)
  assert.equal((await all(ipfs.pin.addAll([cid, root]))).length, 2); assert.equal((await all(ipfs.pin.rmAll([cid]))).length, 1)
})
await test('key', async () => {
  const made = await ipfs.key.gen('js', { type: 'ed25519' }); assert.equal(made.name, 'js')
  assert.ok((await ipfs.key.list()).some(k => k.name === 'js' && k.id === made.id))
  const renamed = await ipfs.key.rename('js', 'js2'); assert.equal(renamed.now, 'js2'); assert.equal(renamed.was, 'js')
  assert.equal((await ipfs.key.rm('js2')).name, 'js2')
})
await test('config', async () => {
  assert.match(await ipfs.config.get('Addresses.API'), /tcp/)
  await ipfs.config.set('Datastore.StorageMax', '12GB'); assert.equal(await ipfs.config.get('Datastore.StorageMax'), '12GB')
  await ipfs.config.set('Swarm.ConnMgr', { LowWater: 3 }); assert.deepEqual(await ipfs.config.get('Swarm.ConnMgr'), { LowWater: 3 })
  await ipfs.config.set('Discovery.MDNS.Enabled', false); assert.equal(await ipfs.config.get('Discovery.MDNS.Enabled'), false)
  const whole = await ipfs.config.getAll(); assert.ok(!whole.Identity.PrivKey, 'the private key is not shown')
  await ipfs.config.replace({ ...whole, Internal: {} })
  const change = await ipfs.config.profiles.apply('lowpower', { dryRun: true }); assert.ok(change.original && change.updated)
})
await test('repo', async () => {
  const s = await ipfs.repo.stat(); assert.ok(s.numObjects > 5n && s.repoSize > 0n && s.version === 'fs-repo@18' && s.repoPath)
  assert.equal(await ipfs.repo.version(), '18')
  assert.ok((await all(ipfs.repo.gc())).every(x => x.cid))
})
await test('stats.repo', async () => { assert.ok((await ipfs.stats.repo()).numObjects > 0n) })
await test('bootstrap', async () => {
  const at = '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWNqenCyoTSzsu3uz9wGu4ym5YXeUFCbKFCMUAX4Y7URdU'
  const { multiaddr } = await import('@multiformats/multiaddr')
  const other = at.replace('192.0.2.1', '192.0.2.2')
  await ipfs.bootstrap.add(multiaddr(at)); assert.deepEqual((await ipfs.bootstrap.list()).Peers.map(String), [at])
  // of an empty list the client makes nothing, with Kubo too
  await ipfs.bootstrap.add(multiaddr(other)); await ipfs.bootstrap.rm(multiaddr(at)); assert.deepEqual((await ipfs.bootstrap.list()).Peers.map(String), [other])
})
await test('diag', async () => { assert.ok(Array.isArray(await ipfs.diag.cmds())); assert.equal((await ipfs.diag.sys()).runtime.os, 'linux') })
if (await has('log')) await test('log', async () => { assert.ok((await ipfs.log.ls()).length > 0); assert.match((await ipfs.log.level('all', 'error')).message, /Changed log level/) })
if (await has('name')) {
  await test('name', async () => {
    const made = await ipfs.name.publish(root, { allowOffline: true, lifetime: '1h' }); assert.equal(made.value, `/ipfs/${root}`)
    assert.equal((await all(ipfs.name.resolve(`/ipns/${made.name}`, { offline: true }))).at(-1), `/ipfs/${root}`)
  })
}
if (await has('files')) {
  await test('files', async () => {
    await ipfs.files.mkdir('/js/a/b', { parents: true }); await ipfs.files.write('/js/f', 'written', { create: true })
    assert.equal((await bytes(ipfs.files.read('/js/f'))).toString(), 'written'); assert.equal((await bytes(ipfs.files.read('/js/f', { offset: 2, length: 3 }))).toString(), 'itt')
    await ipfs.files.write('/js/f', 'XX', { offset: 2 }); assert.equal((await bytes(ipfs.files.read('/js/f'))).toString(), 'wrXXten'); await ipfs.files.write('/js/f', 'short', { truncate: true })
    assert.deepEqual((await all(ipfs.files.ls('/js'))).map(e => [e.name, e.type]), [['a', 'directory'], ['f', 'file']])
    const s = await ipfs.files.stat('/js/f'); assert.equal(s.size, 5); assert.equal(s.type, 'file')
    await ipfs.files.cp('/js/f', '/js/g'); await ipfs.files.mv('/js/g', '/js/h'); await ipfs.files.cp(`/ipfs/${root}`, '/js/tree')
    await ipfs.files.flush('/js');
    await ipfs.files.rm('/js/h'); await ipfs.files.rm('/js', { recursive: true }); await assert.rejects(ipfs.files.stat('/js'), /does not exist/)
  })
}
for (const [name, ask] of Object.entries({ 'swarm.peers': () => ipfs.swarm.peers(), 'swarm.addrs': () => ipfs.swarm.addrs(), 'bitswap.stat': () => ipfs.bitswap.stat(), 'bitswap.wantlist': () => ipfs.bitswap.wantlist(), 'stats.bw': () => all(ipfs.stats.bw()) })) {
  await test(`${name} says that there is no network`, () => assert.rejects(ask(), /online/))
}
await test('an abort ends the request', async () => {
  const stop = new AbortController()
  const add = ipfs.add((async function * () { for (;;) { yield new Uint8Array(1024); await new Promise(r => setTimeout(r, 10)) } })(), { signal: stop.signal })
  setTimeout(() => stop.abort(), 200)
  await assert.rejects(add)
  assert.equal((await ipfs.version()).repo, '18')
})
await test('stop', async () => { await ipfs.stop() })

for (const [what, why] of Object.entries(skipped)) console.log(`skipped ${what}: ${why}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
