// A cluster whose processes are killed, suspended and ended at random while readers change gateways and transports and
// accounts trade; then the judgement: each reader had every event once, each command one outcome, and every venue has
// the same market. Called by the test and by main.ts.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { within } from '@papertape/protocol/testing/within'
import { openCuttingProxy } from '../exactly-once/cutting-proxy.ts'
import { assertOutcomes, readExecutions } from '../exactly-once/oracle.ts'
import { Trader } from '../exactly-once/trader.ts'
import { assertAnsweredAgain, assertSameState } from '../exactly-once/trader-checks.ts'
import { openAccount } from '../support/channel.ts'
import { type Cluster, openCluster } from '../support/cluster/cluster.ts'
import { untilTrading } from '../support/market.ts'
import type { Program } from '../support/programs/provide-program.ts'
import { createRandom } from '../support/random.ts'
import { runServer } from '../support/server.ts'
import { LogTruth } from '../transport-changes/log-truth.ts'
import { ReaderGroup, type ReaderGroupReport } from '../transport-changes/reader-group.ts'
import { ALL_EVENTS } from '../transport-changes/roaming-reader.ts'
import { FAULT_NAMES, FAULTS, type FaultName } from './faults.ts'
import { SilenceWatch } from './silence-watch.ts'

export interface ChaosSettings {
  readonly seconds: number
  readonly seed: number
  readonly natsServers: number
  readonly rawReaders: number
  readonly conflatedReaders: number
  readonly traders: number
  readonly onProgress?: (line: string) => void
}

export interface ChaosReport {
  readonly seconds: number
  readonly faults: Readonly<Record<string, number>>
  /** The longest time without an event, by the fault that it was at, milliseconds. */
  readonly longestSilenceMs: Readonly<Record<string, number>>
  readonly terms: number
  readonly commands: number
  readonly unknowns: number
  readonly readers: ReaderGroupReport
  /** Commands in the log, as every venue has them. */
  readonly logged: number
}

const SYMBOLS = 2
const SEED = 3
const PACE = '5x'
const MARKET = ['--symbols', String(SYMBOLS), '--seed', String(SEED)]
const FLAGS = [
  ...MARKET,
  '--pace',
  PACE,
  '--events-kept',
  '100000000',
  '--account-burst',
  '0',
  '--address-sockets-max',
  '0',
  '--commands-per-second',
  '1000',
  '--command-burst',
  '1000',
]
const VENUES = 2
const GATEWAYS = 2
const QUIET_MS = { least: 1_000, most: 2_500 }
const SETTLED_MAX_MS = 60_000
const CONFLATED_HZ = [60, 20, 5]

/** @throws when a reader or a trader saw something else than the venues have */
export async function runChaos(program: Program, settings: ChaosSettings): Promise<ChaosReport> {
  const { natsServers, seed } = settings
  const cluster = await openCluster(program, { venues: VENUES, gateways: GATEWAYS, natsServers, flags: FLAGS })
  const random = createRandom(seed)
  const { gateways, dataFolder } = cluster
  const drawGateway = () => gateways[random.below(gateways.length)]!.port
  const balancer = await openCuttingProxy(drawGateway, () => undefined)
  const url = `http://127.0.0.1:${balancer.port}`
  const truth = new LogTruth(url)
  const traders: Trader[] = []
  let readers: ReaderGroup | undefined
  try {
    await untilTrading(url, 'VELTR')
    const group = await ReaderGroup.open({ url, port: drawGateway, dataFolder }, truth, {
      seed,
      pace: PACE,
      rawReaders: settings.rawReaders,
      conflatedHz: Array.from({ length: settings.conflatedReaders }, (_, n) => CONFLATED_HZ[n % CONFLATED_HZ.length]!),
      readersBehind: 0,
      stallMs: 0,
    })
    readers = group
    for (let n = 0; n < settings.traders; n++) {
      traders.push(new Trader({ ...(await openAccount(url)), baseUrl: url, random: createRandom(seed * 100 + n) }))
    }
    let isOver = false
    const running = Promise.all([group.roam(() => isOver), ...traders.map(trader => trader.run())])
    // Of whoever fails, before the faults are done.
    const failed = running.then(() => assert.fail('nobody was to end'))
    const { faults, longestSilenceMs } = await Promise.race([makeFaults(cluster, settings), failed])
    isOver = true
    for (const trader of traders) trader.stop()
    await within(running, 'the outcome of every command', SETTLED_MAX_MS).catch(error => {
      throw new Error(`${error.message}: ${traders.flatMap(({ pending }) => pending)}`)
    })
    await group.assertSameMarket()
    for (const trader of traders) await assertAnsweredAgain(trader, { url }, random)
    await assertSameState(traders, { url })
    for (const trader of traders) trader.channel.close()
    const { logged, terms } = await assertSameJournals(cluster, traders, truth)
    return {
      seconds: settings.seconds,
      faults,
      longestSilenceMs,
      terms,
      commands: traders.reduce((sum, { performed }) => sum + performed.length, 0),
      unknowns: traders.reduce((sum, { unknowns }) => sum + unknowns, 0),
      readers: group.report(),
      logged,
    }
  } catch (error) {
    settings.onProgress?.(outputOf(cluster))
    throw error
  } finally {
    for (const trader of traders) trader.channel.close()
    readers?.close()
    balancer.close()
    await cluster.dispose()
  }
}

/** One at a time, each kind in each round, until the time is over. */
async function makeFaults(cluster: Cluster, { seconds, seed, onProgress }: ChaosSettings) {
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
      for (const name of shuffled(FAULT_NAMES, random)) {
        await pause(QUIET_MS.least + random.below(QUIET_MS.most - QUIET_MS.least))
        watch.takeLongest()
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

/** The venues end in good order, the leader last: each has the commands and events that the others have. */
async function assertSameJournals(cluster: Cluster, traders: readonly Trader[], truth: LogTruth) {
  const leader = await cluster.leader()
  const terms = Number(/term (\d+)\n$/.exec(leader.child.recent)?.[1])
  for (const { child } of cluster.gateways) await child.end('SIGKILL')
  await leader.child.end('SIGTERM')
  for (const { child } of cluster.venues) if (child !== leader.child) await child.end('SIGTERM')
  const results = []
  for (const { dataFolder, child } of cluster.venues) {
    assert.doesNotMatch(child.output, /Error:/)
    const { code, stdout, stderr } = await runServer(['--verify', '--data', dataFolder, ...MARKET])
    assert.equal(code, 0, stderr)
    results.push({ dataFolder, commands: Number(/^(\d+) commands/.exec(stdout)?.[1]), text: stdout })
  }
  const journal = join(leader.dataFolder, `simulated-${SEED}-${SYMBOLS}`)
  truth.assertJournal(join(journal, 'journal.sqlite'))
  for (const trader of traders) assertOutcomes(trader, readExecutions(journal, trader.accountId))
  return { terms, logged: Math.max(...results.map(({ commands }) => commands)) }
}

function outputOf({ venues, gateways, nats }: Cluster): string {
  const children = [...venues, ...gateways].map(({ child }) => child)
  return [...children, ...nats].map(({ name, output }) => `${name}:\n${output.slice(-1_500)}`).join('\n')
}

function shuffled<Item>(items: readonly Item[], random: { below(limit: number): number }): Item[] {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)[0]!)
}
