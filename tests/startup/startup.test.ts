// The start of the real command: each failure is one line on stderr without a stack, and an exit code. Also the replay
// of real data, where the file is there.

import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { logOn, openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { runServer, startServer } from '../support/server.ts'
import { get, openStream, type StreamMessage } from '../support/stream.ts'

const USAGE = 2
const FAILED = 1
const TAPE_NAME = 'AAPL_2012-06-21_34200000_37800000_message_50.csv'
const TAPE = fileURLToPath(new URL(`../../../shared/data/lobster/${TAPE_NAME}.gz`, import.meta.url))
const SETTINGS = fileURLToPath(new URL('../../docs/settings.md', import.meta.url))
const ANY_PORTS = ['--port', '0', '--tls-port', '0', '--memory']

function assertRefused(
  { code, stdout, stderr }: Awaited<ReturnType<typeof runServer>>,
  exitCode: number,
  words: RegExp,
): void {
  assert.match(stderr, /^papertape: [^\n]+\n$/, 'one line')
  assert.doesNotMatch(stderr, /\bat .*\.ts:\d+/, 'no stack')
  assert.match(stderr, words)
  assert.equal(code, exitCode)
  assert.doesNotMatch(stdout, /http:/, 'nothing was opened')
}

describe('the command', { concurrency: 2 }, () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'papertape-startup-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const [flags, words] of [
    [['--sed', '3'], /--sed.*--help/],
    [['--seed', '--pace', '1x'], /--seed.*--help/],
    [['--symbols', '101'], /--symbols takes a number from 1 to 100, not "101"/],
    [['--port', '80.5'], /--port takes a port from 0 to 65535/],
    [['--pace', '0x'], /--pace takes 1x, 10x, 0\.5x or max, not "0x"/],
  ] as const) {
    it(`refuses ${flags.join(' ')}`, async () => {
      assertRefused(await runServer([...ANY_PORTS, ...flags]), USAGE, words)
    })
  }

  for (const [name, value, words] of [
    ['PAPERTAPE_SEDE', '3', /PAPERTAPE_SEDE.*did you mean PAPERTAPE_SEED\?.*--help/],
    ['PAPERTAPE_PORT', '8081', /PAPERTAPE_PORT.*did you mean PORT\?/],
    ['PAPERTAPE_PACE', '"2x"', /PAPERTAPE_PACE takes .*leave out the quotes/],
    ['PAPERTAPE_MEMORY', 'yes', /PAPERTAPE_MEMORY takes 1 or 0, not "yes"/],
  ] as const) {
    it(`refuses ${name}=${value} in the environment`, async () => {
      assertRefused(await runServer([], { [name]: value }), USAGE, words)
    })
  }

  it('lists each flag, its variable and its default with --help', async () => {
    const { code, stdout, stderr } = await runServer(['--help'])
    assert.deepEqual([code, stderr], [0, ''])
    const rows = [...readFileSync(SETTINGS, 'utf8').matchAll(/^\| `--([a-z-]+)` \| `([A-Z_]+)` \|/gm)]
    const flags = rows.map(([, flag]) => flag!)
    const variables = rows.map(([, , variable]) => variable!)
    assert.ok(flags.length >= 15, 'the settings are in the docs')
    for (const flag of flags) assert.match(stdout, new RegExp(`^  --${flag} `, 'm'))
    for (const variable of variables) assert.match(stdout, new RegExp(`; ${variable}$`, 'm'))
    assert.match(stdout, /\[8080\]/)
  })

  for (const [flag, which] of [
    ['--port', 'the HTTP port'],
    ['--tls-port', 'the TLS port'],
  ] as const) {
    it(`reports that ${which} is in use, and how to choose another`, async () => {
      const other = net.createServer().listen(0, '127.0.0.1')
      await new Promise(resolve => other.once('listening', resolve))
      const { port } = other.address() as net.AddressInfo
      const flags = ['--memory', '--symbols', '1', '--past-minutes', '0']
      const ports = ['--port', '0', '--tls-port', '0', flag, String(port)]
      const refused = await runServer([...flags, ...ports])
      other.close()
      assertRefused(refused, FAILED, new RegExp(`port ${port} is in use.*--port or --tls-port`))
    })
  }

  it('reports an address that this machine does not have', async () => {
    const flags = ['--symbols', '1', '--past-minutes', '0', '--host', '192.0.2.1']
    assertRefused(await runServer([...ANY_PORTS, ...flags]), FAILED, /192\.0\.2\.1/)
    const named = ['--symbols', '1', '--past-minutes', '0', '--host', 'nowhere.invalid']
    const refused = await runServer([...ANY_PORTS, ...named])
    assertRefused(refused, refused.code === FAILED ? FAILED : USAGE, /nowhere\.invalid; choose an address .* --host$/m)
  })

  const ROW = '34200.1,1,5,18,5853300,1\n'
  for (const [what, name, write, words] of [
    ['that does not exist', TAPE_NAME, () => {}, /there is no such file/],
    ['that is a folder', TAPE_NAME, path => mkdirSync(path), /that is a folder/],
    ['without a message', TAPE_NAME, path => writeFileSync(path, ''), /holds no messages/],
    ['of another name', 'prices.csv', path => writeFileSync(path, ROW), /as in AAPL_2012/],
    [
      'with a word for a number',
      TAPE_NAME,
      path => writeFileSync(path, ROW + ROW.replace('18', 'ten')),
      /line 2: .*"ten"/,
    ],
    [
      'that is cut off',
      `${TAPE_NAME}.gz`,
      path => writeFileSync(path, gzipSync(ROW).subarray(0, 30)),
      /its gzip data is truncated/,
    ],
  ] as readonly [string, string, (path: string) => void, RegExp][]) {
    it(`refuses a tape ${what}`, async () => {
      const path = join(mkdtempSync(join(folder, 'tape-')), name)
      write(path)
      const refused = await runServer([...ANY_PORTS, '--replay', path])
      assertRefused(refused, USAGE, words)
      assert.ok(refused.stderr.includes(path), 'the message has the path')
    })
  }

  it('reports a data folder that cannot be written', async () => {
    const notAFolder = join(folder, 'occupied')
    writeFileSync(notAFolder, 'a file where the folder should be')
    const inside = ['--port', '0', '--tls-port', '0', '--symbols', '1', '--past-minutes', '0', '--data']
    for (const data of [notAFolder, join(notAFolder, 'below')]) {
      assertRefused(await runServer([...inside, data]), FAILED, /occupied.*--data/)
    }
    // Permissions do not restrict root.
    if (process.getuid?.() === 0) return
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o500)
    assertRefused(await runServer([...inside, locked]), FAILED, /locked.*--data/)
  })

  it('reports a file that is no journal, at start and with --verify', async () => {
    const data = join(folder, 'damaged')
    mkdirSync(join(data, 'simulated-1-1'), { recursive: true })
    writeFileSync(
      join(data, 'simulated-1-1', 'journal.sqlite'),
      'not a database, and long enough to be looked at '.repeat(9),
    )
    const flags = ['--port', '0', '--tls-port', '0', '--symbols', '1', '--data', data]
    assertRefused(await runServer(flags), FAILED, /journal|database/)
    assertRefused(await runServer([...flags, '--verify']), FAILED, /journal|database/)
  })

  it('reports that there is no journal to verify', async () => {
    assertRefused(await runServer(['--verify', '--data', join(folder, 'empty')]), USAGE, /no journal .*--data/)
    assert.equal(existsSync(join(folder, 'empty')), false, 'no folder was created')
  })

  it('ignores the variables that Kubernetes sets for a Service of its name, and logs how to turn them off', async test => {
    const links = {
      PAPERTAPE_PORT: 'tcp://10.0.0.1:8080',
      PAPERTAPE_SERVICE_HOST: '10.0.0.1',
      PAPERTAPE_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
    }
    const server = await startServer({ flags: ['--symbols', '1', '--memory'], env: links })
    test.after(() => server.dispose())
    await server.wrote(/^papertape: [^\n]*PAPERTAPE_PORT=tcp:[^\n]*enableServiceLinks: false[^\n]*\n$/)
  })

  it('starts with the settings of the environment; a flag wins', async test => {
    const server = await startServer({
      flags: ['--symbols', '3'],
      env: { PAPERTAPE_SYMBOLS: '2', PAPERTAPE_PACE: '2x' },
    })
    test.after(() => server.dispose())
    assert.equal((await get(`${server.url}/v1/instruments`)).body.length, 3)
    assert.equal((await get(`${server.url}/v1/market`)).body.pace, '2x')
  })

  it('runs the market of a configuration, goes on with it, and begins another one when it has changed', async test => {
    const file = join(folder, 'market.json')
    const jump = { kind: 'jump', atMs: 0, fraction: -0.04, symbols: 'first' }
    const scenarios = { mine: { title: 'Mine', steps: [jump, { ...jump, atMs: 600_000 }] } }
    const instruments = { ACME: { name: 'Acme', previousClose: 50, activity: 1 } }
    const configure = (takerBp: number, impact: number) =>
      writeFileSync(file, JSON.stringify({ symbols: ['ACME'], instruments, scenarios, impact, fees: { takerBp } }))
    configure(10, 22)
    const server = await startServer({ flags: ['--config', file, '--scenario', 'mine', '--seed', '3'] })
    test.after(() => server.dispose())
    const [acme] = (await get(`${server.url}/v1/instruments`)).body
    assert.deepEqual([acme.symbol, acme.name], ['ACME', 'Acme'])
    const first = (await get(`${server.url}/v1/market`)).body
    assert.deepEqual([first.scenario, first.source.seed], ['mine', 3])

    await untilTrading(server.url, 'ACME')
    const { token } = await openAccount(server.url)
    const { channel } = await logOn(server.url, token)
    await channel.ask({
      ...{ type: 'order.place', clientOrderId: 'a', symbol: 'ACME', side: 'buy', orderType: 'market', size: 10 },
    })
    const { lastPrice, lastSize, fee } = await channel.until(({ execType }) => execType === 'fill')
    assert.ok(
      Math.abs(fee - lastPrice * lastSize * 0.001) < 0.001,
      `10 basis points of ${lastPrice} × ${lastSize}: ${fee}`,
    )
    channel.socket.terminate()

    await server.kill('SIGKILL')
    await server.restart()
    assert.equal((await get(`${server.url}/v1/market`)).body.epoch, first.epoch)
    await server.kill('SIGTERM')
    configure(10, 20)
    await server.restart()
    assert.notEqual((await get(`${server.url}/v1/market`)).body.epoch, first.epoch)
    await server.kill('SIGTERM')
    configure(10, 22)
    await server.restart()
    assert.equal((await get(`${server.url}/v1/market`)).body.epoch, first.epoch)
  })

  it('refuses a wrong configuration with its path', async () => {
    const file = join(folder, 'wrong.json')
    writeFileSync(file, '{"instruments":{"VELTR":{"activty":2}}}')
    const words = /wrong\.json: there is no instruments\.VELTR\.activty: .*; did you mean activity\?$/m
    assertRefused(await runServer([...ANY_PORTS, '--config', file]), USAGE, words)
    writeFileSync(file, '{}')
    assertRefused(await runServer([...ANY_PORTS, '--config', file, '--replay', 'x.csv']), USAGE, /not for a replay/)
    assertRefused(await runServer([...ANY_PORTS, '--scenario', 'crash']), USAGE, /calm-day, .*; there is no crash/)
  })

  it('keeps nothing with --memory, and starts one market anew with --fresh', async test => {
    const server = await startServer({ flags: ['--symbols', '1', '--memory'] })
    test.after(() => server.dispose())
    await server.kill('SIGTERM')
    assert.deepEqual(readdirSync(server.dataFolder), [])

    const kept = await startServer({ flags: ['--symbols', '1', '--fresh'] })
    test.after(() => kept.dispose())
    const first = (await get(`${kept.url}/v1/market`)).body.epoch
    await kept.kill('SIGTERM')
    await kept.restart()
    assert.notEqual((await get(`${kept.url}/v1/market`)).body.epoch, first)
  })

  it('replays a real day with its symbol, time and book, and continues after a restart', async test => {
    if (!existsSync(TAPE)) {
      test.skip(`there is no tape ${TAPE}`)
      return
    }
    const server = await startServer({ flags: ['--replay', TAPE, '--pace', '60x'] })
    test.after(() => server.dispose())
    const instruments = (await get(`${server.url}/v1/instruments`)).body
    assert.deepEqual(
      instruments.map(({ symbol }: { symbol: string }) => symbol),
      ['AAPL'],
    )
    await untilTrading(server.url, 'AAPL')
    const reader = await openStream(`${server.url}/v1/stream?events=trade`)
    const { data: trade } = await reader.until(({ event }) => event === 'trade')
    assert.equal(trade.symbol, 'AAPL')
    assert.equal(new Date(trade.time).toISOString().slice(0, 10), '2012-06-21')
    assert.ok(trade.price > 500 && trade.price < 700, 'AAPL traded at about 585')
    assert.ok(Math.abs(trade.ts / 1_000 - Date.now()) < 60_000, 'ts is the wall clock')

    const { token } = await openAccount(server.url)
    const order = { type: 'order.place', symbol: 'AAPL', side: 'buy', orderType: 'market', size: 10 }
    const { channel } = await logOn(server.url, token)
    await channel.ask({ ...order, clientOrderId: 'real' })
    const filled = await channel.until(({ execType }) => execType === 'fill')
    assert.ok(Math.abs(filled.avgPrice - trade.price) < 10)
    const mine = await reader.until(({ data }) => data.tradeId === filled.tradeId)
    assert.equal(mine.data.aggressor, 'buy')
    channel.socket.terminate()

    await server.kill('SIGKILL')
    await reader.ended
    await server.restart()
    const resumed = await openStream(`${server.url}/v1/stream?events=trade`, reader.lastEventId)
    test.after(() => resumed.cut())
    // Hidden executions are printed as the tape has them, independent of users' orders.
    const hidden = (messages: readonly StreamMessage[]) =>
      messages.flatMap(({ data }) => (data.hidden ? [`${data.time} ${data.price} ${data.size}`] : []))
    await resumed.until(() => hidden(resumed.messages).length >= 5)
    const printed = [...hidden(reader.messages), ...hidden(resumed.messages)].join('\n')
    assert.ok(hiddenOnTape().join('\n').includes(printed), `the replay goes on where it was:\n${printed}`)
    assert.equal(
      resumed.messages.some(({ event }) => event === 'reset'),
      false,
      'the same epoch',
    )
  })
})

/** Time, price and size of the tape's hidden executions, in order. */
function hiddenOnTape(): string[] {
  const midnightInNewYork = Date.UTC(2012, 5, 21, 4)
  const rows = gunzipSync(readFileSync(TAPE)).toString().trim().split('\n')
  return rows
    .map(row => row.split(','))
    .filter(([, type]) => type === '5')
    .map(([seconds, , , size, price]) => {
      const [whole, fraction = ''] = seconds!.split('.')
      const time = midnightInNewYork + Number(whole) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
      return `${time} ${Number(price) / 10_000} ${Number(size)}`
    })
}
