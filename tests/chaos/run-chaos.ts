// A cluster whose processes are killed, suspended and ended at random while readers change gateways and transports and
// accounts trade; then the judgement: each reader had every event once, each command one outcome, and every venue has
// the same market. Called by the test and by main.ts.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ClusterConnection } from '@papertape/cluster'
import type { Trade } from '@papertape/protocol/schemas'
import { within } from '@papertape/protocol/testing/within'
import { type CuttingProxy, openCuttingProxy } from '../exactly-once/cutting-proxy.ts'
import { assertOutcomes, readExecutions } from '../exactly-once/oracle.ts'
import { Trader } from '../exactly-once/trader.ts'
import { assertAnsweredAgain, assertSameState } from '../exactly-once/trader-checks.ts'
import { readEvents } from '../recovery/journal-events.ts'
import { openAccount } from '../support/channel.ts'
import { type Cluster, openCluster } from '../support/cluster/cluster.ts'
import { untilTrading } from '../support/market.ts'
import type { Program } from '../support/programs/provide-program.ts'
import { createRandom, type TestRandom } from '../support/random.ts'
import { NO_LIMITS, runServer } from '../support/server.ts'
import { LogTruth } from '../transport-changes/log-truth.ts'
import { ReaderGroup, type ReaderGroupReport } from '../transport-changes/reader-group.ts'
import { ALL_EVENTS } from '../transport-changes/roaming-reader.ts'
import { FAULTS, type FaultName, faultsOf } from './faults.ts'
import { HistoryFile, readHistory } from './history.ts'
import { checkHistory } from './history-checker.ts'
import { HistoryRecorder, loggedOf } from './history-recorder.ts'
import { SilenceWatch } from './silence-watch.ts'

export interface ChaosSettings {
  readonly seconds: number
  readonly seed: number
  readonly natsServers: number
  /** Servers that run already, in place of own ones. */
  readonly natsUrl?: string | undefined
  /** Where the history is written. */
  readonly historyFile: string
  readonly rawReaders: number
  readonly conflatedReaders: number
  readonly traders: number
  readonly onProgress?: (line: string) => void
}

export interface ChaosReport {
  readonly natsServers: number
  readonly seconds: number
  readonly faults: Readonly<Record<string, number>>
  /** The longest time without an event, by the fault that it was at, milliseconds. */
  readonly longestSilenceMs: Readonly<Record<string, number>>
  readonly terms: number
  readonly commands: number
  readonly unknowns: number
  readonly readers: ReaderGroupReport
  /** How often readers went on at another gateway, and over another transport. */
  readonly hops: { readonly gateway: number; readonly transport: number }
  /** Commands in the log, as every venue has them. */
  readonly logged: number
}

const SYMBOLS = 2
const MARKET_SEED = 3
const PACE = '5x'
const FLAGS = ['--pace', PACE, '--events-kept', '100000000', ...NO_LIMITS]
const VENUES = 2
const GATEWAYS = 2
const QUIET_MS = { least: 1_000, most: 2_500 }
const SETTLED_MAX_MS = 60_000
const CONFLATED_HZ = [60, 20, 5]
/** Of what is wrong in a history. */
const SHOWN_MAX = 20

/** A run, and what is opened for it. */
interface ChaosRun {
  readonly settings: ChaosSettings
  readonly cluster: Cluster
  readonly random: TestRandom
  readonly url: string
  readonly truth: LogTruth
  readonly traders: Trader[]
  readonly proxies: CuttingProxy[]
  readonly market: readonly string[]
  readonly journal: string
  readonly history: HistoryFile
  readonly recorder: HistoryRecorder
}

/**
 * @param program undefined where `natsUrl` is given
 * @throws when a reader or a trader saw something else than the venues have
 */
export async function runChaos(program: Program | undefined, settings: ChaosSettings): Promise<ChaosReport> {
  const { natsServers, natsUrl, seed } = settings
  // Servers that run already may have the log of another run.
  const marketSeed = natsUrl === undefined ? MARKET_SEED : Date.now() % 2 ** 32
  const market = ['--symbols', String(SYMBOLS), '--seed', String(marketSeed)]
  const flags = [...market, ...FLAGS]
  const cluster = await openCluster(program, { venues: VENUES, gateways: GATEWAYS, natsServers, natsUrl, flags })
  const random = createRandom(seed)
  const balancer = await openCuttingProxy(() => drawPort(cluster, random), noCut)
  const url = `http://127.0.0.1:${balancer.port}`
  const history = new HistoryFile(settings.historyFile)
  const run: ChaosRun = {
    settings,
    cluster,
    random,
    url,
    truth: new LogTruth(url),
    traders: [],
    proxies: [balancer],
    market,
    journal: `simulated-${marketSeed}-${SYMBOLS}`,
    history,
    recorder: new HistoryRecorder(history),
  }
  let readers: ReaderGroup | undefined
  try {
    await untilTrading(url, 'VELTR')
    readers = await openReaders(run)
    for (let n = 0; n < settings.traders; n++) run.traders.push(await openTrader(run, n))
    return await judge(run, readers)
  } catch (error) {
    settings.onProgress?.(`${outputOf(cluster)}\n${await cluster.positions()}`)
    throw error
  } finally {
    run.recorder.end()
    for (const trader of run.traders) trader.abandon()
    readers?.close()
    for (const proxy of run.proxies) proxy.close()
    await cluster.dispose()
    if (natsUrl !== undefined) await removeLog(natsUrl, run.journal)
    history.flush()
  }
}

function drawPort({ gateways }: Cluster, random: TestRandom): number {
  return gateways[random.below(gateways.length)]!.port
}

function noCut(): undefined {
  return undefined
}

function openReaders({ settings, cluster, random, url, truth, recorder }: ChaosRun): Promise<ReaderGroup> {
  const { seed, rawReaders, conflatedReaders } = settings
  const { dataFolder } = cluster
  return ReaderGroup.open({ url, port: () => drawPort(cluster, random), dataFolder }, truth, {
    seed,
    pace: PACE,
    rawReaders,
    conflatedHz: Array.from({ length: conflatedReaders }, (_, n) => CONFLATED_HZ[n % CONFLATED_HZ.length]!),
    readersBehind: 0,
    stallMs: 0,
    onTaken: (reader, via, port, frame) => recorder.taken(reader, via, port, frame),
  })
}

/** Over connections of its own, so that the history has the gateway of each. */
async function openTrader({ settings, cluster, random, url, proxies, history, recorder }: ChaosRun, n: number) {
  const { accountId, token, cash } = await openAccount(url)
  history.add({ type: 'account', account: accountId, cash })
  const open = async (via: 'channel' | 'rest') => {
    const proxy = await openCuttingProxy(() => {
      const port = drawPort(cluster, random)
      recorder.connect(accountId, via, port)
      return port
    }, noCut)
    proxies.push(proxy)
    return `http://127.0.0.1:${proxy.port}`
  }
  return new Trader({
    accountId,
    token,
    baseUrl: await open('channel'),
    restUrl: await open('rest'),
    random: createRandom(settings.seed * 100 + n),
    onStep: step => recorder.step(accountId, step),
    onMessage: message => recorder.message(accountId, message),
  })
}

async function judge(run: ChaosRun, readers: ReaderGroup): Promise<ChaosReport> {
  const { traders, url, random, settings, recorder } = run
  let isOver = false
  const running = Promise.all([readers.roam(() => isOver), ...traders.map(trader => trader.run())])
  // Of whoever fails, before the faults are done.
  const failed = running.then(() => assert.fail('nobody was to end'))
  const { faults, longestSilenceMs } = await Promise.race([makeFaults(run), failed])
  isOver = true
  settings.onProgress?.('the end: every command has its answer, and all venues have the same market')
  for (const trader of traders) trader.stop()
  await within(running, 'the outcome of every command', SETTLED_MAX_MS).catch(error => {
    throw new Error(`${error.message}: ${traders.flatMap(({ pending }) => pending)}`)
  })
  await readers.assertSameMarket()
  await Promise.all(traders.map(trader => assertAnsweredAgain(trader, { url }, random)))
  await assertSameState(traders, { url })
  recorder.end()
  for (const trader of traders) recordClosing(run, trader)
  for (const trader of traders) trader.channel.close()
  const { logged, terms } = await assertSameJournals(run)
  return {
    seconds: settings.seconds,
    natsServers: settings.natsServers,
    faults,
    longestSilenceMs,
    terms,
    commands: traders.reduce((sum, { performed }) => sum + performed.length, 0),
    unknowns: traders.reduce((sum, { unknowns }) => sum + unknowns, 0),
    readers: readers.report(),
    hops: recorder.hops,
    logged,
  }
}

/** One at a time, each kind in each round, until the time is over. */
async function makeFaults({ cluster, settings, history }: ChaosRun) {
  const { seconds, seed, onProgress } = settings
  const random = createRandom(seed + 1)
  const watch = new SilenceWatch(
    cluster.gateways.map(gateway => gateway.url),
    ALL_EVENTS,
  )
  const watching = watch.run()
  const faults: Partial<Record<FaultName, number>> = {}
  const longestSilenceMs: Partial<Record<FaultName, number>> = {}
  try {
    for (const untilMs = performance.now() + seconds * 1_000; performance.now() < untilMs; ) {
      for (const name of shuffled(faultsOf(cluster), random)) {
        await pause(QUIET_MS.least + random.below(QUIET_MS.most - QUIET_MS.least))
        watch.takeLongest()
        history.add({ type: 'fault', at: history.at, name })
        await FAULTS[name](cluster, random)
        await cluster.leader()
        await pause(QUIET_MS.least)
        const silenceMs = Math.round(watch.takeLongest())
        faults[name] = (faults[name] ?? 0) + 1
        longestSilenceMs[name] = Math.max(longestSilenceMs[name] ?? 0, silenceMs)
        onProgress?.(`${name}: ${silenceMs} ms of silence`)
        if (performance.now() >= untilMs) break
      }
    }
  } finally {
    watch.stop()
    await watching
  }
  return { faults: faults as Record<string, number>, longestSilenceMs: longestSilenceMs as Record<string, number> }
}

/** The account as its client has it, which is as the exchange has it. */
function recordClosing({ history }: ChaosRun, { view, accountId }: Trader): void {
  const { seq = 0, balance, positions } = view
  const shares = Object.fromEntries(positions.map(({ symbol, size }) => [symbol, size]))
  history.add({ type: 'closing', account: accountId, seq, cash: balance?.cash ?? Number.NaN, shares })
}

/** The venues end in good order, the leader last: each has the commands and events that the others have. */
async function assertSameJournals(run: ChaosRun) {
  const { cluster, traders, truth, market } = run
  const leader = await cluster.leader()
  const terms = Number(/term (\d+)\n$/.exec(leader.child.recent)?.[1])
  for (const { child } of cluster.gateways) await child.end('SIGKILL')
  await leader.child.end('SIGTERM')
  for (const { child } of cluster.venues) if (child !== leader.child) await child.end('SIGTERM')
  const logged = await Promise.all(
    cluster.venues.map(async ({ dataFolder, child }) => {
      assert.doesNotMatch(child.output, /Error:/)
      // Also that cash and shares are conserved among all accounts.
      const { code, stdout, stderr } = await runServer(['--verify', '--data', dataFolder, ...market])
      assert.equal(code, 0, stderr)
      return Number(/^(\d+) commands/.exec(stdout)?.[1])
    }),
  )
  const journal = join(leader.dataFolder, run.journal)
  truth.assertJournal(join(journal, 'journal.sqlite'))
  assertHistory(run, journal)
  for (const trader of traders) assertOutcomes(trader, readExecutions(journal, trader.accountId))
  return { terms, logged: Math.max(...logged) }
}

/** Completed by what the log has; then the checker reads it from its file, as it would later. */
function assertHistory({ history, traders }: ChaosRun, journal: string): void {
  const tradeIds = new Set<number>()
  for (const { accountId } of traders) {
    for (const event of readExecutions(journal, accountId)) {
      if (event.type !== 'execution') continue
      const logged = loggedOf(event)
      history.add({ type: 'logged', account: accountId, ...logged })
      if (logged.fill !== undefined) tradeIds.add(logged.fill.tradeId)
    }
  }
  for (const { event, data } of readEvents(join(journal, 'journal.sqlite'))) {
    if (event !== 'trade') continue
    const { tradeId, price, size } = JSON.parse(data) as Trade
    if (tradeIds.has(tradeId)) history.add({ type: 'trade', tradeId, price, size })
  }
  history.flush()
  const found = checkHistory(readHistory(history.path))
  assert.ok(found.length === 0, [`${history.path}: ${found.length} wrong`, ...found.slice(0, SHOWN_MAX)].join('\n'))
}

/** Of a market that was made for this run. */
async function removeLog(natsUrl: string, market: string): Promise<void> {
  const connection = await ClusterConnection.open({ servers: natsUrl.split(',') }, market, 'test')
  await connection.manager.streams.delete(connection.stream)
  await connection.close()
}

function outputOf({ venues, gateways, nats }: Cluster): string {
  const children = [...venues, ...gateways].map(({ child }) => child)
  return [...children, ...nats].map(({ name, output }) => `${name}:\n${output.slice(-1_500)}`).join('\n')
}

function shuffled<Item>(items: readonly Item[], random: { below(limit: number): number }): Item[] {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)[0]!)
}
