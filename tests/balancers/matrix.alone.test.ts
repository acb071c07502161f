// Each balancer of deploy/balancers before two gateways: SSE, long poll and WebSocket, over HTTP/1.1 and HTTP/2, are
// not buffered, and go on from their last event at the other gateway, through reloads under load, a gateway that is
// killed and one that ends. One cluster and one timeline for all of them. BALANCER_MATRIX_SECONDS=600 goes on with
// reloads and ends for ten minutes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import tls from 'node:tls'
import type { Instrument } from '@papertape/protocol'
import { untilTrue, within } from '@papertape/protocol/testing/within'
import { type CuttingProxy, openCuttingProxy } from '../exactly-once/cutting-proxy.ts'
import { assertOutcomes, readExecutions } from '../exactly-once/oracle.ts'
import { Trader } from '../exactly-once/trader.ts'
import { assertAnsweredAgain, assertSameState } from '../exactly-once/trader-checks.ts'
import { openAccount } from '../support/channel.ts'
import { type Cluster, type GatewayChild, openCluster } from '../support/cluster/cluster.ts'
import { operate, untilTrading } from '../support/market.ts'
import { findProgram } from '../support/programs/provide-program.ts'
import type { RunningProxy } from '../support/proxies/proxy.ts'
import { createRandom } from '../support/random.ts'
import { call } from '../support/rest.ts'
import { NO_LIMITS } from '../support/server.ts'
import { LogTruth } from '../transport-changes/log-truth.ts'
import { RawReader } from '../transport-changes/raw-reader.ts'
import { BalancedReader } from './balanced-reader.ts'
import { describeTransport, transportsBehind } from './balanced-transports.ts'
import { BALANCER_NAMES, BALANCERS, type BalancerKind, type BalancerName, startBalancer } from './balancers.ts'
import { QuietStream } from './quiet-stream.ts'
import { offersSockets } from './wire.ts'

const SEED = 3
const MARKET = ['--seed', String(SEED), '--symbols', '2']
const FLAGS = [...MARKET, ...NO_LIMITS, '--trust-proxy', '127.0.0.1', '--pace', '3x', '--events-kept', '100000000']
const SYMBOL = 'VELTR'

/** An event of a stream on which nothing else happens. */
const AT_ONCE_MS = 3_000
const QUIET_EVENTS = 4
const CHANGES = 6
/** So many events after what happened, each reader is live again. */
const LIVE_EVENTS = 100
const LIVE_MAX_MS = 30_000
const SETTLED_MAX_MS = 30_000
const LONG_SECONDS = Number(process.env.BALANCER_MATRIX_SECONDS ?? 0)

interface Balanced {
  readonly name: BalancerName
  readonly kind: BalancerKind
  /** Undefined where the program cannot be had. */
  readonly proxy: RunningProxy | undefined
  readonly reason: string
  readonly readers: BalancedReader[]
}

describe('two gateways behind a balancer', { timeout: 240_000 + LONG_SECONDS * 1_000 }, () => {
  let cluster: Cluster
  let direct: CuttingProxy
  let truth: LogTruth
  const balanced: Balanced[] = []
  const traders: Trader[] = []
  let running: Promise<unknown> = Promise.resolve()
  let failed: Promise<never>
  let reason = ''

  before(async () => {
    const nats = findProgram('nats-server')
    if ('reason' in nats) {
      reason = nats.reason
      return
    }
    cluster = await openCluster(nats, { venues: 1, gateways: 2, flags: FLAGS })
    const { gateways, dataFolder } = cluster
    // Of what is no subject here: pages of the log, the operator.
    direct = await openCuttingProxy(
      () => (gateways.find(({ child }) => child.isRunning) ?? gateways[0]!).port,
      () => undefined,
    )
    const url = `http://127.0.0.1:${direct.port}`
    truth = new LogTruth(url)
    tls.setDefaultCACertificates([readFileSync(join(dataFolder, 'tls-cert.pem'), 'utf8')])
    await untilTrading(url, SYMBOL)
    const instruments: Instrument[] = (await call(url, 'GET /v1/instruments')).body
    const tickSizes = new Map(instruments.map(({ symbol, tickSize }) => [symbol, tickSize]))
    for (const [n, name] of BALANCER_NAMES.entries()) {
      const kind = BALANCERS[name]
      const proxy = await startBalancer(name, gateways, dataFolder)
      if ('reason' in proxy) {
        balanced.push({ name, kind, proxy: undefined, reason: proxy.reason, readers: [] })
        continue
      }
      const transports = transportsBehind(kind)
      const readers = transports.map(transport => {
        const reader = new RawReader(`${name}, ${describeTransport(transport)}`, truth, tickSizes, undefined, true)
        return new BalancedReader(reader.name, reader, proxy.port, transport)
      })
      balanced.push({ name, kind, proxy, reason: '', readers })
      const account = await openAccount(`https://localhost:${proxy.port}`)
      const baseUrl = `https://localhost:${proxy.port}`
      traders.push(new Trader({ ...account, baseUrl, random: createRandom(SEED * 100 + n) }))
    }
    const all = balanced.flatMap(({ readers }) => readers)
    running = Promise.all([...all.map(reader => reader.run()), ...traders.map(trader => trader.run())])
    failed = running.then(() => assert.fail('nobody was to end'))
    failed.catch(() => {})
    await untilLive(all)
  })

  after(async () => {
    for (const { readers } of balanced) for (const reader of readers) reader.stop()
    for (const trader of traders) trader.abandon()
    truth?.close()
    for (const { proxy } of balanced) await proxy?.dispose()
    direct?.close()
    await cluster?.dispose()
  })

  /** For each balancer, and named after it. */
  async function each(test: TestContext, run: (one: Balanced & { proxy: RunningProxy }) => Promise<void> | void) {
    if (reason !== '') return test.skip(reason)
    const subtests = balanced.map(one =>
      test.test(one.name, subtest => {
        if (one.proxy === undefined) return subtest.skip(one.reason)
        return run({ ...one, proxy: one.proxy })
      }),
    )
    await Promise.all(subtests)
  }

  function untilLive(readers: readonly BalancedReader[]): Promise<void> {
    const enough = readers.map(({ events }) => events + LIVE_EVENTS)
    const late = () => readers.filter(({ events }, n) => events < enough[n]!).map(({ name }) => name)
    const live = untilTrue(() => late().length === 0, 'live readers', LIVE_MAX_MS)
    return Promise.race([live, failed]).catch(error => {
      throw new Error(`${error.message}: ${late().join('; ')}`)
    })
  }

  it('offers WebSockets over HTTP/2 where the guide says so', { concurrency: true }, test =>
    each(test, async ({ proxy, kind }) => {
      assert.equal(await offersSockets(proxy.port), kind.hasSocketsOverHttp2)
    }),
  )

  it('sends an event at once on a stream where nothing else happens', { concurrency: true }, async test => {
    if (reason !== '') return test.skip(reason)
    const streams = balanced.flatMap(({ name, kind, proxy }) =>
      proxy === undefined ? [] : transportsBehind(kind).map(transport => new QuietStream(proxy.port, transport, name)),
    )
    const ends = Promise.all(streams.map(stream => stream.ended))
    await Promise.all(streams.map(stream => within(stream.opened, `${stream.name} opened`)))
    const lateMs = new Map<QuietStream, number>()
    for (let n = 1; n <= QUIET_EVENTS; n++) {
      const sentMs = performance.now()
      await operate({ url: `http://127.0.0.1:${direct.port}`, dataFolder: cluster.dataFolder }, haltOrNot(n))
      for (const stream of streams) {
        const arrivedMs = await within(stream.arrived(n), `event ${n} of ${stream.name}`)
        lateMs.set(stream, Math.max(lateMs.get(stream) ?? 0, arrivedMs - sentMs))
      }
    }
    for (const stream of streams) stream.close()
    await ends
    await each(test, ({ name }) => {
      const late = streams.filter(stream => stream.balancer === name).map(stream => [stream.name, lateMs.get(stream)!])
      test.diagnostic(late.map(([transport, ms]) => `${transport}: ${Math.round(ms as number)} ms`).join('; '))
      for (const [transport, ms] of late) assert.ok((ms as number) < AT_ONCE_MS, `${transport}: ${ms} ms`)
    })
  })

  it('resumes from the last event on a new connection, at any gateway', { concurrency: true }, test =>
    each(test, async ({ readers }) => {
      for (let n = 0; n < CHANGES; n++) {
        const before = readers.map(({ visits }) => visits)
        for (const reader of readers) reader.change()
        await untilTrue(() => readers.every(({ visits }, m) => visits > before[m]!), 'new connections')
      }
      await untilLive(readers)
    }),
  )

  it('is reloaded under load', { concurrency: true }, test =>
    each(test, async ({ name, proxy, readers, kind }) => {
      const before = readers.map(({ losses }) => losses)
      for (const reader of readers) reader.takeLongest()
      await proxy.reload()
      await untilLive(readers)
      const cut = readers.filter(({ losses }, n) => losses > before[n]!)
      const silentMs = Math.max(...readers.map(reader => reader.takeLongest()))
      test.diagnostic(`${name}: ${silentMs} ms of silence, cut: ${cut.map(describeReader).join(', ') || 'none'}`)
      // A connection of polls may be closed between two of them.
      const mayBeCut = kind.reloadCuts === 'sockets' ? ['longPoll', 'socket'] : ['longPoll']
      const unexpected = cut.filter(({ transport }) => !mayBeCut.includes(transport.kind))
      assert.deepEqual(unexpected.map(describeReader), [])
    }),
  )

  for (const [n, signal] of [
    [0, 'SIGKILL'],
    [1, 'SIGKILL'],
    [0, 'SIGTERM'],
  ] as const) {
    it(`goes on at the other gateway when gateway ${n + 1} gets ${signal}`, { concurrency: true }, async test => {
      if (reason !== '') return test.skip(reason)
      await endGateway(test, cluster.gateways[n]!, signal)
    })
  }

  async function endGateway(test: TestContext, gateway: GatewayChild, signal: 'SIGKILL' | 'SIGTERM') {
    const all = balanced.flatMap(({ readers }) => readers)
    for (const reader of all) reader.takeLongest()
    await gateway.child.end(signal)
    await untilLive(all)
    const silentMs = new Map(all.map(reader => [reader, reader.takeLongest()]))
    await each(test, ({ name, readers }) => {
      test.diagnostic(`${name}: ${Math.max(...readers.map(reader => silentMs.get(reader)!))} ms of silence`)
    })
    await gateway.child.start()
    await untilLive(all)
  }

  it('goes on for longer, where it is asked to', { skip: LONG_SECONDS === 0 }, async test => {
    if (reason !== '') return test.skip(reason)
    const random = createRandom(SEED)
    for (const untilMs = performance.now() + LONG_SECONDS * 1_000; performance.now() < untilMs; ) {
      await Promise.all(balanced.map(({ proxy }) => proxy?.reload()))
      await endGateway(test, cluster.gateways[random.below(2)]!, random.below(3) === 0 ? 'SIGTERM' : 'SIGKILL')
    }
  })

  it('has lost, repeated and invented no event and no order', async test => {
    if (reason !== '') return test.skip(reason)
    for (const { readers } of balanced) for (const reader of readers) reader.stop()
    for (const trader of traders) trader.stop()
    await within(running, 'the outcome of every command', SETTLED_MAX_MS).catch(error => {
      throw new Error(`${error.message}: ${traders.flatMap(({ pending }) => pending)}`)
    })
    const url = `http://127.0.0.1:${direct.port}`
    for (const trader of traders) await assertAnsweredAgain(trader, { url }, createRandom(SEED))
    await assertSameState(traders, { url })
    for (const trader of traders) trader.channel.close()
    truth.close()
    const [venue] = cluster.venues
    for (const { child } of cluster.gateways) await child.end('SIGKILL')
    assert.equal(await venue!.child.end('SIGTERM'), 0)
    const journal = join(venue!.dataFolder, `simulated-${SEED}-2`)
    assert.ok(truth.assertJournal(join(journal, 'journal.sqlite')) > 0)
    for (const trader of traders) assertOutcomes(trader, readExecutions(journal, trader.accountId))
    const readers = balanced.flatMap(one => one.readers)
    test.diagnostic(
      `${readers.length} readers, ${sum(readers, r => r.events)} events, ${sum(readers, r => r.visits)} connections, ` +
        `${sum(traders, t => t.performed.length)} commands, ${sum(traders, t => t.unknowns)} of them unknown for a time`,
    )
  })
})

const describeReader = ({ transport }: BalancedReader) => describeTransport(transport)
const haltOrNot = (n: number) => ({ halt: { symbol: SYMBOL, halted: n % 2 === 1 } })
const sum = <T>(items: readonly T[], count: (item: T) => number) => items.reduce((total, one) => total + count(one), 0)
