// The data folder: a second server that starts fresh, one that only verifies, a folder that is not writable, files that
// disappear under a running server. Each is reported in one line, and nothing that was acknowledged is lost.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { within } from '@papertape/protocol/testing/within'
import { openAccount } from '../support/channel.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, runServer, startServer } from '../support/server.ts'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
const MARKET = ['--symbols', '1', '--past-minutes', '0']
const PORTS = ['--port', '0', '--tls-port', '0']
const ONE_LINE = /^papertape: [^\n]+\n$/
const NOBODY = 65_534

/** The file of the log that is written. */
function lastLog(folder: string): string {
  const number = (name: string) => Number(name.slice('journal.flushes-'.length))
  const names = readdirSync(folder).filter(name => name.startsWith('journal.flushes-'))
  return join(folder, names.sort((a, b) => number(a) - number(b)).at(-1)!)
}

const marketFolder = ({ dataFolder }: RunningServer) => join(dataFolder, 'simulated-1-1')
const resting = (clientOrderId: string) => ({
  clientOrderId,
  symbol: 'VELTR',
  side: 'buy',
  orderType: 'limit',
  size: 5,
  price: 10,
})

async function assertHas(server: RunningServer, token: string, orderIds: readonly string[]): Promise<void> {
  const { orders } = (await call(server.url, 'GET /v1/orders', { token })).body
  const has = orders.map(({ orderId }: { orderId: string }) => orderId)
  for (const orderId of orderIds) assert.ok(has.includes(orderId), `${orderId} was acknowledged`)
}

describe('a data folder', () => {
  it('in use is not emptied by --fresh: one line is printed, acknowledged events stay', async test => {
    const server = await startServer({ flags: MARKET })
    test.after(() => server.dispose())
    const { token } = await openAccount(server.url)
    const before = await call(server.url, 'POST /v1/orders', { token, body: resting('before') })
    const others = Array.from({ length: 2 }, () =>
      runServer([...PORTS, '--fresh', '--data', server.dataFolder, ...MARKET]),
    )
    for (const { code, stderr } of await Promise.all(others)) {
      assert.deepEqual([code, ONE_LINE.test(stderr)], [1, true], stderr)
      assert.match(stderr, /in use/)
    }
    const after = await call(server.url, 'POST /v1/orders', { token, body: resting('after') })
    assert.deepEqual([before.status, after.status], [201, 201])
    await server.kill('SIGKILL')
    await server.restart()
    await assertHas(server, token, [before.body.orderId, after.body.orderId])
  })

  it('is opened by one of two servers that start with --fresh at the same time', async test => {
    const data = mkdtempSync(join(tmpdir(), 'papertape-race-'))
    test.after(() => rmSync(data, { recursive: true, force: true }))
    const children = Array.from({ length: 2 }, () =>
      spawn(process.execPath, [MAIN, ...PORTS, '--fresh', '--data', data, ...MARKET], { stdio: 'pipe' }),
    )
    test.after(() => {
      for (const child of children) child.kill('SIGKILL')
    })
    const ends = children.map(async child => {
      let output = ''
      child.stdout.on('data', chunk => {
        output += chunk
        if (output.includes('Ctrl-C')) child.kill('SIGTERM')
      })
      child.stderr.on('data', chunk => {
        output += chunk
      })
      const [code] = await within(once(child, 'close'), 'the end of the server', 60_000)
      return { code, output }
    })
    const results = await Promise.all(ends)
    assert.ok(
      results.some(({ code }) => code === 0),
      JSON.stringify(results),
    )
    // The first may have ended before the second started.
    for (const { code, output } of results) if (code !== 0) assert.match(output, /papertape: the data folder is in use/)
  })

  it('and its files are created readable by their owner alone', async test => {
    const above = mkdtempSync(join(tmpdir(), 'papertape-mode-'))
    test.after(() => rmSync(above, { recursive: true, force: true }))
    const data = join(above, 'data')
    const server = await startServer({ flags: [...MARKET, '--data', data] })
    test.after(() => server.dispose())
    const modeOf = (path: string) => statSync(path).mode & 0o777
    const walk = (folder: string): void => {
      assert.equal(modeOf(folder), 0o700, folder)
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) walk(path)
        else assert.equal(modeOf(path), 0o600, path)
      }
    }
    walk(data)
    assert.ok(existsSync(join(data, 'simulated-1-1', 'journal.sqlite-wal')))
    await server.kill('SIGTERM')
    walk(data)
  })

  it('that is not writable is reported in one line, and can be verified', async test => {
    if (process.getuid?.() !== 0) {
      test.skip('only the superuser can start a server as somebody without rights')
      return
    }
    const server = await startServer({ flags: MARKET })
    test.after(() => server.dispose())
    await server.kill('SIGKILL')
    chmodSync(server.dataFolder, 0o555)
    for (const name of readdirSync(marketFolder(server))) chmodSync(join(marketFolder(server), name), 0o444)
    chmodSync(marketFolder(server), 0o555)
    const asNobody = async (flags: readonly string[]) => {
      const child = spawn(process.execPath, [MAIN, ...PORTS, '--data', server.dataFolder, ...MARKET, ...flags], {
        uid: NOBODY,
        gid: NOBODY,
        stdio: 'pipe',
      })
      let stderr = ''
      child.stderr.on('data', chunk => {
        stderr += chunk
      })
      const [code] = await within(once(child, 'close'), 'the end of the server', 60_000)
      return { code, stderr }
    }
    for (const flags of [[], ['--fresh'], ['--repair'], ['--seed', '2']]) {
      const { code, stderr } = await asNobody(flags)
      assert.match(stderr, ONE_LINE, flags.join())
      assert.match(stderr, /the data folder cannot be used.*--data/)
      assert.equal(code, 1)
    }
    assert.deepEqual(await asNobody(['--verify']), { code: 0, stderr: '' })
    await server.restart()
  })

  for (const [what, make] of [
    [
      'a folder where the journal should be',
      data => mkdirSync(join(data, 'simulated-1-1', 'journal.sqlite'), { recursive: true }),
    ],
    ['a folder where the lock should be', data => mkdirSync(join(data, 'simulated-1-1', 'lock'), { recursive: true })],
    ['a file where the market’s folder should be', data => writeFileSync(join(data, 'simulated-1-1'), '')],
    ['a folder where the key should be', data => mkdirSync(join(data, 'tls-key.pem'))],
    ['a folder where the certificate should be', data => mkdirSync(join(data, 'tls-cert.pem'))],
    ['a folder where the token should be', data => mkdirSync(join(data, 'operator-token'))],
  ] as readonly [string, (data: string) => void][]) {
    it(`with ${what} is refused in one line`, async test => {
      const data = mkdtempSync(join(tmpdir(), 'papertape-shape-'))
      test.after(() => rmSync(data, { recursive: true, force: true }))
      make(data)
      const { code, stderr } = await runServer([...PORTS, '--data', data, ...MARKET])
      assert.match(stderr, ONE_LINE)
      assert.equal(code, 1)
    })
  }

  for (const [what, harm, words] of [
    ['the folder is moved', data => renameSync(data, `${data}-moved`), /was removed or replaced/],
    [
      'the journal is removed',
      data => rmSync(join(data, 'simulated-1-1', 'journal.sqlite')),
      /was removed or replaced/,
    ],
    ['the log of flushes is removed', data => rmSync(lastLog(join(data, 'simulated-1-1'))), /was removed or replaced/],
    [
      'the WAL is removed',
      data => rmSync(join(data, 'simulated-1-1', 'journal.sqlite-wal')),
      /was removed or replaced/,
    ],
  ] as readonly [string, (data: string) => void, RegExp][]) {
    it(`ends the server with one line when ${what}`, async test => {
      const server = await startServer({ flags: MARKET })
      test.after(() => server.dispose())
      test.after(() => rmSync(`${server.dataFolder}-moved`, { recursive: true, force: true }))
      harm(server.dataFolder)
      const { code, stderr } = await server.ended()
      assert.match(stderr, ONE_LINE)
      assert.match(stderr, words)
      assert.equal(code, 1)
    })
  }

  it('whose log lost acknowledged commands is refused, and continues with --repair in a new epoch', async test => {
    const server = await startServer({ flags: MARKET })
    test.after(() => server.dispose())
    const { token } = await openAccount(server.url)
    const log = lastLog(marketFolder(server))
    const before = readFileSync(log)
    await call(server.url, 'POST /v1/orders', { token, body: resting('lost') })
    const { position } = (await call(server.url, 'GET /health')).body
    await server.kill('SIGKILL')
    // The last flush alone may be one that was not confirmed yet: the order's was.
    writeFileSync(log, before)
    const flags = ['--data', server.dataFolder, ...MARKET]
    for (const how of [['--verify'], PORTS]) {
      const { code, stderr } = await runServer([...how, ...flags])
      assert.equal(code, 1, stderr)
      assert.match(stderr, ONE_LINE)
      assert.match(stderr, /damaged.*command \d+ was confirmed.*--repair/)
    }
    await server.restart(['--repair'])
    const health = (await call(server.url, 'GET /health')).body
    assert.notEqual(health.position.split('-')[0], position.split('-')[0])
    const { body } = await call(server.url, `GET /v1/poll?wait=0&last=${position}`)
    assert.equal(body.reset.reason, 'epoch')
    assert.equal((await call(server.url, 'GET /v1/account', { token })).status, 200)
    assert.deepEqual((await call(server.url, 'GET /v1/orders', { token })).body.orders, [])
    await server.kill('SIGTERM')
    const { code, stderr } = await runServer(['--verify', ...flags])
    assert.equal(code, 0, stderr)
  })
})
