// The cases of interface-ipfs-core that need no other peer, through kubo-rpc-client, each suite against nodes of its own; a group that is named is asked, whatever it needs. One line a case on stdout: `pass`, `fail` or `skip`, and its title.
//   node interface-core.mjs PROGRAM [group ...]
import { spawn, execFileSync } from 'node:child_process'
import fs from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import Mocha from 'mocha'
import { create } from 'kubo-rpc-client'

const [program, ...wanted] = process.argv.slice(2)
const home = await fs.mkdtemp(path.join(os.tmpdir(), 'cairn-interface.'))
const running = []

/// What ipfsd-ctl would start: a node with loopback addresses and no list of peers to begin with.
const factory = {
  async spawn ({ ipfsOptions = {}, args = [] } = {}) {
    const repo = await fs.mkdtemp(path.join(home, 'repo.'))
    const env = { ...process.env, HOME: home, IPFS_PATH: repo }
    const run = (...words) => execFileSync(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    run('init', '--profile=test')
    const file = path.join(repo, 'config')
    const config = JSON.parse(await fs.readFile(file, 'utf8'))
    Object.assign(config, { Bootstrap: ipfsOptions.config?.Bootstrap ?? [], AutoConf: { Enabled: false } })
    config.Routing = { ...config.Routing, Type: 'dht' }
    config.Ipns.UsePubsub = true
    await fs.writeFile(file, JSON.stringify(config))
    const child = spawn(program, ['daemon', ...(wanted.length === 0 ? ['--offline'] : []), '--enable-pubsub-experiment', '--enable-namesys-pubsub', ...args.filter(a => a !== '--enable-namesys-pubsub')], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    let said = ''
    await new Promise((resolve, reject) => {
      child.stdout.on('data', (part) => { said += part; if (said.includes('Daemon is ready')) resolve() })
      child.on('exit', () => reject(new Error(`the node ended: ${said}`)))
    })
    const port = /API server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(said)[1]
    const api = create({ url: `http://127.0.0.1:${port}` })
    const node = {
      api,
      opts: { ipfsOptions, type: 'go' },
      child,
      started: true,
      async stop () { await new Promise(resolve => { child.once('exit', resolve); child.kill('SIGTERM'); setTimeout(() => child.kill('SIGKILL'), 5000).unref() }); this.started = false }
    }
    node.peer = await api.id()
    api.peerId = node.peer
    running.push(node)
    return node
  },
  async clean () {
    for (const node of running.splice(0)) if (node.child.exitCode === null && node.child.signalCode === null) await node.stop()
  }
}

// what the cases of urlSource ask
const echo = http.createServer((request, answer) => {
  const asked = new URL(request.url, 'http://127.0.0.1')
  if (asked.pathname === '/redirect') answer.writeHead(302, { Location: asked.searchParams.get('to') }).end()
  else answer.end(asked.searchParams.get('data') ?? '')
})
await new Promise(resolve => echo.listen(0, '127.0.0.1', resolve))
process.env.ECHO_SERVER = process.env.PINNING_SERVICE_ENDPOINT = `http://127.0.0.1:${echo.address().port}`
process.env.PINNING_SERVICE_KEY = 'none'

const mocha = new Mocha({ reporter: 'min', timeout: 20000 })
mocha.suite.emit('pre-require', globalThis, null, mocha)
const groups = await import('interface-ipfs-core')
for (const [name, group] of Object.entries(groups)) {
  if (wanted.length === 0 ? !['bitswap', 'dht', 'namePubsub', 'ping', 'pubsub', 'swarm'].includes(name) : wanted.includes(name)) globalThis.describe(name, () => group(factory, { skip: [{ name: 'pin.remote', reason: 'needs a pinning service' }] }))
}
// the suites allow minutes, which no case here needs
const hurry = (suite) => {
  suite.timeout(20000)
  for (const one of [...suite.tests, ...suite._beforeAll, ...suite._beforeEach]) one.timeout(20000)
  suite.suites.forEach(hurry)
}
hurry(mocha.suite)

const title = (test) => test.fullTitle().replace(/\s+/g, ' ').trim()
class lines {
  constructor (runner) {
    runner.on('pass', (test) => console.log(`pass ${title(test)}`))
    runner.on('pending', (test) => console.log(`skip ${title(test)}`))
    runner.on('fail', (test, why) => {
      console.log(`fail ${title(test)}`)
      console.error(`${title(test)}: ${String(why.stack ?? why).split('\n').slice(0, 6).join('\n    ')}`)
    })
  }
}
mocha.reporter(lines)
mocha.run(async () => {
  await factory.clean()
  await fs.rm(home, { recursive: true, force: true })
  process.exit(0)
})
