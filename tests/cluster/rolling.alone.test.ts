// A rolling deployment under load: gateways, the standby and the leader are ended by SIGTERM and started again, one
// after the other, behind a balancer that looks at their readiness. No reader loses, repeats or resets an event, and
// each command has one outcome.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { within } from '@papertape/protocol/testing/within'
import { SilenceWatch } from '../chaos/silence-watch.ts'
import { openCuttingProxy } from '../exactly-once/cutting-proxy.ts'
import { assertOutcomes, readExecutions } from '../exactly-once/oracle.ts'
import { Trader } from '../exactly-once/trader.ts'
import { assertAnsweredAgain, assertSameState } from '../exactly-once/trader-checks.ts'
import { openAccount } from '../support/channel.ts'
import type { Child } from '../support/cluster/child.ts'
import { type Cluster, type GatewayChild, startCluster } from '../support/cluster/cluster.ts'
import { askProbe, ReadyGateways } from '../support/cluster/ready-gateways.ts'
import { untilTrading } from '../support/market.ts'
import { createRandom } from '../support/random.ts'
import { NO_LIMITS } from '../support/server.ts'
import { openStream } from '../support/stream.ts'
import { LogTruth } from '../transport-changes/log-truth.ts'
import { ReaderGroup } from '../transport-changes/reader-group.ts'
import { ALL_EVENTS } from '../transport-changes/roaming-reader.ts'

const SYMBOLS = 2
const SEED = 3
const PACE = '5x'
const FLAGS = [
  ...['--symbols', String(SYMBOLS), '--seed', String(SEED), '--pace', PACE, '--events-kept', '100000000'],
  ...NO_LIMITS,
]
const TRADERS = 3
/** So many streams of a gateway take a second to be notified: its readiness is seen to go before the last one. */
const STREAMS = 60
const LOOK_EACH_MS = 10
const STEP_MAX_MS = 30_000
/** Between two steps: readers and traders go on meanwhile. */
const QUIET_MS = 500
/** The goal is 500 ms on a machine of its own; one that runs tests is busy, and may take several times as long. */
const SILENCE_MAX_MS = 8_000

it('a rolling deployment loses no event and no order', { timeout: 180_000 }, async test => {
  const cluster = await startCluster(test, { venues: 2, gateways: 3, flags: FLAGS })
  if (cluster === undefined) return
  const { gateways, dataFolder } = cluster
  const random = createRandom(1)
  const ready = new ReadyGateways(gateways, random)
  const asking = ready.run()
  const balancer = await openCuttingProxy(ready.drawPort, () => undefined)
  const url = `http://127.0.0.1:${balancer.port}`
  const truth = new LogTruth(url)
  const watch = new SilenceWatch([url], ALL_EVENTS)
  const traders: Trader[] = []
  let readers: ReaderGroup | undefined
  let isOver = false
  test.after(async () => {
    isOver = true
    for (const trader of traders) trader.abandon()
    readers?.close()
    watch.stop()
    ready.stop()
    balancer.close()
    await asking
  })
  await untilTrading(url, 'VELTR')
  const settings = { seed: 1, pace: PACE, rawReaders: 4, conflatedHz: [60, 20, 5], readersBehind: 0, stallMs: 0 }
  const group = await ReaderGroup.open({ url, port: ready.drawPort, dataFolder }, truth, settings)
  readers = group
  for (let n = 0; n < TRADERS; n++) {
    traders.push(new Trader({ ...(await openAccount(url)), baseUrl: url, random: createRandom(100 + n) }))
  }
  const running = Promise.all([group.roam(() => isOver), ...traders.map(trader => trader.run())])
  const failed = running.then(() => assert.fail('nobody was to end'))
  const watching = watch.run()
  await Promise.race([roll(test, cluster, ready, watch), failed])
  isOver = true
  for (const trader of traders) trader.stop()
  await within(running, 'the outcome of every command', STEP_MAX_MS)
  await group.assertSameMarket()
  for (const trader of traders) await assertAnsweredAgain(trader, { url }, random)
  await assertSameState(traders, { url })
  for (const trader of traders) trader.channel.close()
  watch.stop()
  await watching
  const { visits, events, cuts } = group.report()
  assert.ok(Object.values(visits).every(count => count > 0))
  const commands = traders.reduce((sum, { performed }) => sum + performed.length, 0)
  test.diagnostic(`${JSON.stringify(visits)} visits, ${cuts} of them cut, ${events} events, ${commands} commands`)
  await assertJournals(cluster, traders, truth)
})

/** Every process, one after the other. */
async function roll(test: TestContext, cluster: Cluster, ready: ReadyGateways, watch: SilenceWatch): Promise<void> {
  const step = async (name: string, replace: () => Promise<void>) => {
    await pause(QUIET_MS)
    watch.takeLongest()
    await replace()
    await pause(QUIET_MS)
    const silenceMs = Math.round(watch.takeLongest())
    test.diagnostic(`${name}: ${silenceMs} ms of silence`)
    assert.ok(silenceMs <= SILENCE_MAX_MS, `${name}: ${silenceMs} ms of silence`)
  }
  for (const gateway of cluster.gateways) {
    await step(gateway.child.name, async () => {
      await drain(gateway)
      await gateway.child.start()
      for (const untilMs = performance.now() + STEP_MAX_MS; !ready.isReady(gateway); await pause(LOOK_EACH_MS))
        assert.ok(performance.now() < untilMs, `${gateway.child.name} is ready again`)
    })
  }
  const leader = await cluster.leader()
  const standby = cluster.venues.find(venue => venue !== leader)!
  const replace = async ({ child }: { child: Child }) => {
    assert.equal(await child.end('SIGTERM'), 0)
    await child.start()
  }
  await step('the standby', () => replace(standby))
  assert.equal(await cluster.leader(), leader)
  await step('the leader (goal: 500 ms)', () => replace(leader))
  assert.equal(await cluster.leader(), standby)
}

/** Ends a gateway in good order: it says that it is not ready while connections are still served, and that it lives. */
async function drain({ child, url }: GatewayChild): Promise<void> {
  const streams = await Promise.all(
    Array.from({ length: STREAMS }, () => openStream(`${url}/v1/stream?mode=raw&events=trade`)),
  )
  let open = streams.length
  for (const { ended } of streams) void ended.then(() => open--)
  const live: (number | undefined)[] = []
  let servedWhenNotReady: number | undefined
  let isGone = false
  const ended = child.end('SIGTERM').finally(() => {
    isGone = true
  })
  while (!isGone) {
    const [readiness, liveness] = await Promise.all([askProbe(url, 'ready'), askProbe(url, 'live')])
    if (readiness !== undefined && readiness !== 200) {
      servedWhenNotReady ??= open
      assert.equal(readiness, 503)
    }
    if (open > 0) live.push(liveness)
    await pause(LOOK_EACH_MS)
  }
  assert.equal(await ended, 0)
  // It may have ended while it was asked, before the end of the last stream was seen here.
  if (live.at(-1) === undefined) live.pop()
  for (const stream of streams) await within(stream.ended, 'the end of a stream', STEP_MAX_MS)
  assert.ok((servedWhenNotReady ?? 0) > 0, `${child.name} says that it is not ready before its streams end`)
  assert.ok(live.length > 1 && live.every(status => status === 200), `${child.name} lived while it drained: ${live}`)
}

/** The venues end in good order, the leader last: both have what readers had, and traders were answered. */
async function assertJournals(cluster: Cluster, traders: readonly Trader[], truth: LogTruth): Promise<void> {
  const leader = await cluster.leader()
  for (const { child } of cluster.gateways) await child.end('SIGKILL')
  for (const { child } of cluster.venues) if (child !== leader.child) await child.end('SIGTERM')
  await leader.child.end('SIGTERM')
  const folders = cluster.venues.map(venue => join(venue.dataFolder, `simulated-${SEED}-${SYMBOLS}`))
  for (const folder of folders) truth.assertJournal(join(folder, 'journal.sqlite'))
  const own = join(leader.dataFolder, `simulated-${SEED}-${SYMBOLS}`)
  for (const trader of traders) assertOutcomes(trader, readExecutions(own, trader.accountId))
}
