// @helia/verified-fetch against our gateway: every answer is checked by the client, block by block.
//   node verified-fetch.mjs http://127.0.0.1:8080 FACTS.json      FACTS: what the node holds
import assert from 'node:assert/strict'
import fs from 'node:fs/promises'
import { withHTTP } from '@helia/http'
import { createVerifiedFetch } from '@helia/verified-fetch'
import { createHeliaLight } from 'helia'

const gateway = process.argv[2]
const facts = JSON.parse(await fs.readFile(process.argv[3]))
let passed = 0, failed = 0
// the node stands on this machine, and speaks plain HTTP
const here = { allowLocal: true, allowInsecure: true }
const helia = withHTTP(createHeliaLight(), { delegatedRouters: [gateway], recursiveGateways: [gateway], ...here })
await helia.start()
const fetch = await createVerifiedFetch(helia, here)
const get = (what, init = {}) => fetch(what, { ...here, signal: AbortSignal.timeout(15000), ...init })
const octets = async (answer) => Buffer.from(await answer.arrayBuffer())

async function test (name, what) {
  try {
    await what()
    passed++
  } catch (e) {
    failed++
    console.log(`FAILED ${name}: ${e.stack}`)
  }
}

await test('a small file', async () => {
  const answer = await get(`ipfs://${facts.small}`)
  assert.equal(answer.status, 200)
  assert.equal(await answer.text(), 'hello from here\n')
})
await test('a file of many blocks', async () => {
  const answer = await get(`ipfs://${facts.big}`)
  assert.equal(answer.status, 200)
  const got = await octets(answer)
  assert.deepEqual(got, await fs.readFile(facts.bigFile))
})
await test('a range of it', async () => {
  const answer = await get(`ipfs://${facts.big}`, { headers: { Range: 'bytes=300000-300099' } })
  assert.equal(answer.status, 206)
  assert.deepEqual(await octets(answer), (await fs.readFile(facts.bigFile)).subarray(300000, 300100))
})
await test('a path through folders', async () => {
  const answer = await get(`ipfs://${facts.tree}/sub/b.txt`)
  assert.equal(answer.status, 200)
  assert.equal(await answer.text(), 'b\n')
})
await test('a path through a sharded folder', async () => {
  const answer = await get(`ipfs://${facts.sharded}/f77`)
  assert.equal(answer.status, 200)
  assert.equal(await answer.text(), '77\n')
})
await test('a name that is not there', async () => {
  assert.equal((await get(`ipfs://${facts.tree}/nope`)).status, 404)
})
await test('a folder with its page', async () => {
  const answer = await get(`ipfs://${facts.site}/`)
  assert.equal(answer.status, 200)
  assert.match(await answer.text(), /<title>ours/)
})
await test('dag-cbor and dag-json', async () => {
  const cbor = await get(`ipfs://${facts.cbor}`, { headers: { Accept: 'application/vnd.ipld.dag-cbor' } })
  assert.deepEqual(await octets(cbor), Buffer.from('a2616101646c69737483010203', 'hex'))
  const json = await get(`ipfs://${facts.json}`)
  assert.deepEqual(await json.json(), { b: 2 })
})
await test('a raw block', async () => {
  const answer = await get(`ipfs://${facts.small}`, { headers: { Accept: 'application/vnd.ipld.raw' } })
  assert.equal(answer.status, 200)
  assert.equal((await octets(answer)).toString(), 'hello from here\n')
})
await test('a CAR', async () => {
  const answer = await get(`ipfs://${facts.tree}`, { headers: { Accept: 'application/vnd.ipld.car' } })
  assert.equal(answer.status, 200)
  assert.ok((await octets(answer)).includes(Buffer.from('b\n')))
})
await test('a CIDv0', async () => {
  const answer = await get(`ipfs://${facts.old}`)
  assert.equal(await answer.text(), 'hello from here\n')
})
await test('a name, whose record is checked too', async () => {
  const answer = await get(`ipns://${facts.name}`)
  assert.equal(answer.status, 200)
  assert.equal(await answer.text(), 'hello from here\n')
})
await test('what the node does not have is no content', async () => {
  const patience = new AbortController()
  setTimeout(() => patience.abort(), 5000)
  const answer = await get(`ipfs://${facts.missing}`, { signal: patience.signal }).catch(() => ({ ok: false }))
  assert.equal(answer.ok, false)
})
await fetch.stop()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
