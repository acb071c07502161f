// A whole venue in the test's thread, under a manual clock: its past, commands and queries, how far it runs ahead of a gateway
// that does not process its batches, and what it stores.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import type { Command } from '@papertape/protocol'
import type { ScenarioName } from '@papertape/simulators'
import type { Batch, FromVenue, Queries, QueryName, ToVenue, VenueState } from '@papertape/venue'
import { type OpenableMarket, planSimulation, type SimulatedPlan } from '@papertape/venue'
import { ManualClock } from '@papertape/venue/testing'
import { SqliteJournal } from '../journal/sqlite-journal.ts'
import { openMarket } from './open-market.ts'
import { openVenue, type ServerVenueOptions } from './open-venue.ts'

const folder = mkdtempSync(join(tmpdir(), 'papertape-venue-'))
after(() => rmSync(folder, { recursive: true }))
let folders = 0
const newFolder = () => join(folder, `${++folders}`)

const WALL = 1_767_623_400_000
const MAX = Number.POSITIVE_INFINITY

interface Settings extends Partial<ServerVenueOptions> {
  readonly wallMs?: number
  /** Whether the gateway takes each batch as it comes. */
  readonly takes?: boolean
  /** How long the venue takes to answer a query. */
  readonly readMs?: number
  /** Of a replay, whose file is read beforehand. */
  readonly market?: OpenableMarket
}

/** A venue and the gateway's end of it. */
function openTestVenue({ wallMs = WALL, takes = true, readMs = 0, market, ...given }: Settings = {}) {
  const clock = new ManualClock(wallMs)
  let queryId = 0
  let commandId = 0
  const sent: FromVenue[] = []
  const plan = { kind: 'simulated', seed: 3, symbols: 2 } as const
  const options = { plan, dataFolder: undefined, pace: 1, pastMs: 60_000, eventsKept: 1_000_000, ...given }
  const venue = openVenue(options, {
    send(message) {
      sent.push(message)
      if (message.type === 'result') clock.suspend(readMs)
    },
    clock,
    market: market ?? planSimulation(options.plan as SimulatedPlan),
    newEpoch: () => 'k3f90000',
  })
  const batches = () => sent.filter(message => message.type === 'batch')
  const processed = { number: 0 }
  const take = () => {
    const number = batches().at(-1)?.number ?? 0
    if (!takes || number === processed.number) return
    processed.number = number
    venue.receive({ type: 'processed', number })
  }
  const command = (given: Command): number => {
    venue.receive({ type: 'command', commandId: ++commandId, command: given })
    return commandId
  }
  return {
    venue,
    clock,
    sent,
    batches,
    events: () => batches().flatMap(batch => batch.events),
    start() {
      venue.start()
      take()
    },
    notices: () => sent.flatMap(message => (message.type === 'notice' ? [message.text] : [])),
    /** Lets time pass, a millisecond at a time. */
    pass(ms: number) {
      for (let i = 0; i < ms; i++) {
        clock.pass(1)
        take()
      }
    },
    runUntilReady() {
      venue.start()
      for (let i = 0; i < 20_000 && !sent.some(({ type }) => type === 'ready'); i++) {
        take()
        clock.runNext()
      }
      take()
    },
    command,
    setPace: (pace: string) => command({ type: 'pace.set', pace }),
    startScenarios: (...names: ScenarioName[]) => command({ type: 'scenario.start', names }),
    query<Q extends QueryName>(name: Q, params: Queries[Q]['params']): Queries[Q]['result'] {
      venue.receive({ type: 'query', queryId: ++queryId, name, params } as ToVenue)
      const result = sent.findLast(message => message.type === 'result' && message.queryId === queryId)
      return (result as { result: Queries[Q]['result'] }).result
    },
    close: () => venue.receive({ type: 'close' }),
  }
}

const opening: Command = { type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 1_000_000 }
const buying = (clientOrderId: string): Command => ({
  type: 'order.place',
  accountId: 'ann',
  clientOrderId,
  symbol: 'VELTR',
  side: 'buy',
  orderType: 'market',
  size: 3,
  timeInForce: 'IOC',
  postOnly: false,
})
const isDense = (events: Batch['events']) => events.every(({ seq }, i) => seq === events[0]!.seq + i)
const withoutSource = ({ source: _, pace: __, checkpoint: ___, ...state }: VenueState) => state

describe('a new market', () => {
  test('trades up to now and says ready once, with a past of the length asked for', () => {
    const market = openTestVenue({ pastMs: 120_000 })
    market.runUntilReady()
    market.pass(50)
    assert.equal(market.sent.filter(({ type }) => type === 'ready').length, 1)
    const times = market.events().map(({ data }) => JSON.parse(data).time as number)
    assert.ok(times[0]! <= WALL - 120_000 && times[0]! > WALL - 181_000, `the past begins ${WALL - times[0]!} ms ago`)
    const { time, seq } = market.query('state', {})
    assert.ok(time <= WALL + 50 && time > WALL - 5_000, `the market stands ${WALL - time} ms before the wall`)
    assert.equal(market.events().length, seq)
    assert.ok(isDense(market.events()) && market.events()[0]!.seq === 1)
    assert.deepEqual(
      market.batches().map(({ number }) => number),
      market.batches().map((_, i) => i + 1),
    )
  })

  test('keeps to the wall clock from then on', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.pass(3_000)
    const { time } = market.query('state', {})
    assert.ok(time <= WALL + 3_000 && time > WALL + 1_000, `${time - WALL} ms`)
  })

  test('of the same seed at the same time is the same', () => {
    const logs = [1, 2].map(() => {
      const market = openTestVenue()
      market.runUntilReady()
      market.pass(100)
      return { events: market.events(), books: market.query('state', {}).instruments }
    })
    assert.deepEqual(logs[0], logs[1])
  })
})

describe('a command', () => {
  test('is answered in the batch that holds what came of it', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.pass(10)
    market.command(opening)
    const commandId = market.command(buying('a'))
    market.pass(10)
    const batch = market.batches().find(({ answers }) => answers.some(answer => answer.commandId === commandId))
    const told = batch!.answers.find(answer => answer.commandId === commandId)!.answer
    assert.ok(told.type === 'execution' && told.clientOrderId === 'a')
    const own = batch!.privateEvents.find(event => event.commandId === commandId)
    assert.deepEqual(JSON.parse(own!.data), told)
    assert.ok(batch!.events.some(({ event, symbol }) => event === 'trade' && symbol === 'VELTR'))
  })

  test('shares its commit with those of the next four milliseconds', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.setPace('0x')
    market.pass(20)
    const before = market.batches().length
    market.command(opening)
    assert.equal(market.batches().length, before + 1, 'nothing came before it: it need not wait')
    market.command(buying('a'))
    market.command(buying('b'))
    market.pass(3)
    assert.equal(market.batches().length, before + 1)
    market.pass(1)
    assert.equal(market.batches().length, before + 2)
    assert.equal(market.batches().at(-1)!.answers.length, 2)
  })
})

describe('a query', () => {
  test('sees only what has been published: a batch with all of it comes first', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.command(opening)
    market.command(buying('a'))
    const { id, seq } = market.query('state', {})
    assert.equal(market.events().at(-1)!.seq, seq)
    assert.equal(id, `k3f90000-${seq}`)
    assert.equal(market.sent.at(-1)!.type, 'result')
    assert.equal(market.query('account', { accountId: 'ann' })?.positions[0]?.size, 3)
    assert.equal(market.query('orders', { accountId: 'ann', limit: 10 })[0]?.clientOrderId, 'a')
    const lastSeq = market.query('privateEvents', { accountId: 'ann', from: 1, limit: 100 }).at(-1)!.seq
    assert.deepEqual(market.query('findAccount', { tokenHash: '#ann' }), { accountId: 'ann', lastSeq })
  })

  test('finds nothing for strangers', () => {
    const market = openTestVenue()
    market.runUntilReady()
    assert.equal(market.query('findAccount', { tokenHash: '#eve' }), undefined)
    assert.equal(market.query('account', { accountId: 'eve' }), undefined)
    assert.deepEqual(market.query('orders', { accountId: 'eve', limit: 10 }), [])
  })

  test('of books, history and pages agrees with what was published', () => {
    const market = openTestVenue()
    market.runUntilReady()
    const state = market.query('state', {})
    const { book } = state.instruments.find(({ symbol }) => symbol === 'VELTR')!
    const depth = market.query('depth', { symbol: 'VELTR', levels: 3 })
    assert.equal(depth.checksum, book.checksum)
    assert.deepEqual(
      depth.bids.map(([price, size]) => [price, size]),
      book.bids.slice(0, 3),
    )
    assert.ok(depth.asks.every(([, , orders]) => orders >= 1))
    const trades = market.events().filter(({ event, symbol }) => event === 'trade' && symbol === 'VELTR')
    const history = market.query('history', { symbol: 'VELTR', event: 'trade', before: state.seq + 1, limit: 5 })
    assert.deepEqual(
      history.map(row => ({ ...row })),
      trades.slice(-5).reverse(),
    )
    const page = market.query('events', { from: 3, limit: 4 })
    assert.equal(page.oldest, 1)
    assert.deepEqual(
      page.events.map(row => ({ ...row })),
      market.events().slice(2, 6),
    )
  })
})

describe('what anybody may ask', () => {
  test('of the market is the newest checkpoint, neither its hash now nor its books', () => {
    const market = openTestVenue()
    market.runUntilReady()
    const { id, checkpoint, ...rest } = market.query('market', {})
    assert.equal(id, `k3f90000-${market.events().at(-1)!.seq}`)
    assert.deepEqual(Object.keys(checkpoint), ['command', 'seq', 'hash'])
    assert.deepEqual([checkpoint.command, checkpoint.seq], [0, 0])
    assert.deepEqual(Object.keys(rest), ['epoch', 'oldest', 'time', 'source', 'pace', 'scenarios'])
  })

  test('of the log is 512 events at a time', () => {
    const market = openTestVenue()
    market.runUntilReady()
    const { events } = market.query('events', { from: 2, limit: 1_000_000 })
    assert.deepEqual([events.length, events[0]?.seq], [512, 2])
  })

  test('waits while it has taken its share of the time, and a command does not', () => {
    const market = openTestVenue({ readMs: 30 })
    market.runUntilReady()
    market.command(opening)
    market.pass(10)
    const asked = (from: number) =>
      market.venue.receive({ type: 'query', queryId: from, name: 'events', params: { from, limit: 1 } })
    const answers = () => market.sent.filter(message => message.type === 'result' && message.queryId > 100_000)
    for (let i = 1; i <= 20; i++) asked(100_000 + i)
    const before = answers().length
    assert.ok(before >= 1 && before <= 3, `${before} at once`)
    const commandId = market.command(buying('a'))
    market.pass(10)
    assert.ok(market.batches().some(({ answers }) => answers.some(answer => answer.commandId === commandId)))
    assert.ok(answers().length < 5)
    market.pass(4_000)
    assert.equal(answers().length, 20)
  })
})

describe('the pace', () => {
  test('max runs as fast as the gateway takes; a pace after it goes on from there', () => {
    const market = openTestVenue({ pace: MAX, pastMs: 0, takes: false })
    market.start()
    market.pass(1)
    const ahead = market.query('state', {}).time
    assert.ok(ahead > WALL + 20_000, `${ahead - WALL} ms ahead`)
    market.setPace('1x')
    assert.equal(market.query('market', {}).pace, 1)
    const changed = market.query('state', {}).time
    for (let passedMs = 0; passedMs < 3_000; passedMs += 10) {
      market.venue.receive({ type: 'processed', number: market.batches().length })
      market.pass(10)
    }
    const moved = market.query('state', {}).time - changed
    assert.ok(moved > 1_000 && moved < 4_500, `moved ${moved} ms in 3 s`)
  })

  test('0 stands still, and users may trade all the same', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.setPace('0x')
    market.pass(10)
    const before = market.query('state', {})
    market.pass(5_000)
    assert.deepEqual(market.query('state', {}), before)
    market.command(opening)
    market.command(buying('a'))
    market.pass(10)
    assert.equal(market.query('account', { accountId: 'ann' })?.positions[0]?.size, 3)
  })
})

test('the venue runs eight batches ahead of its gateway, and goes on when it takes', () => {
  const market = openTestVenue({ pace: MAX, takes: false })
  market.start()
  market.pass(1)
  assert.equal(market.batches().length, 8)
  const { length } = market.events()
  market.pass(1_500)
  assert.equal(market.events().length, length)
  market.venue.receive({ type: 'processed', number: 3 })
  market.pass(1)
  assert.equal(market.batches().length, 11)
})

describe('a scenario', () => {
  const halts = (batches: readonly Batch[]) =>
    batches.flatMap(({ events }) =>
      events.flatMap(({ event, data }) => (event === 'status' ? [JSON.parse(data).phase] : [])),
    )

  test('starts when it is asked for, once, and goes on after a restart', () => {
    const dataFolder = newFolder()
    const first = openTestVenue({ dataFolder })
    first.runUntilReady()
    assert.deepEqual(first.query('state', {}).scenarios, [])
    first.startScenarios('halt', 'liquidity-drought')
    first.startScenarios('halt')
    const { scenarios, time } = first.query('state', {})
    assert.deepEqual(
      scenarios.map(({ name }) => name),
      ['halt', 'liquidity-drought'],
    )
    for (const { startTime } of scenarios) assert.ok(Math.abs(startTime - time) < 1_000)
    first.pass(1_500)
    assert.deepEqual(halts(first.batches()), ['halted'])
    first.close()

    const plan = { kind: 'simulated', seed: 3, symbols: 2, scenarios: ['halt'] } as const
    const second = openTestVenue({ dataFolder, plan, wallMs: WALL + 2_000 })
    assert.deepEqual(second.query('state', {}).scenarios, scenarios)
    assert.deepEqual(halts(second.batches()), [])
    second.close()
  })

  test('may be there as the doors open', () => {
    const plan = { kind: 'simulated', seed: 3, symbols: 2, scenarios: ['halt'] } as const
    const market = openTestVenue({ plan })
    market.runUntilReady()
    market.pass(1_000)
    assert.deepEqual(halts(market.batches()), ['halted'])
    const [halted] = market.events().filter(({ event }) => event === 'status')
    assert.ok(JSON.parse(halted!.data).time >= WALL, 'not in the past that it is given')
    market.close()
  })

  test('is not for a replay of real data', async () => {
    const file = join(folder, 'TEST_2012-06-21_34200000_37800000_message_1.csv')
    writeFileSync(file, '34200.5,1,1,100,100000,-1\n34201.25,4,1,40,100000,-1\n')
    const plan = { kind: 'replay', file } as const
    const market = openTestVenue({ plan, market: await openMarket(plan) })
    market.startScenarios('halt')
    assert.deepEqual(market.query('state', {}).scenarios, [])
    market.close()
  })
})

describe('a tape with a halt', () => {
  const rows = [
    '34200,1,1001,100,1000000,1',
    '34200,1,1002,200,1001000,-1',
    '34201,4,1002,20,1001000,-1',
    '34206,7,0,0,-1,-1',
    '34230,7,0,0,0,-1',
    '34232,1,1003,300,1005000,1',
    '34234,1,1004,250,1002000,-1',
    '34240,6,-3,300,1003000,-1',
    '34241,7,0,0,1,-1',
    '34242,1,1005,10,999000,1',
  ]
  const ofKind = (batches: readonly Batch[], kind: string) =>
    batches.flatMap(({ events }) => events.flatMap(({ event, data }) => (event === kind ? [JSON.parse(data)] : [])))

  test('halts, collects, prints its cross and reopens, with a restart in each part of it', async () => {
    const file = join(folder, 'HHHH_2019-03-05_34200000_57600000_message_5.csv')
    writeFileSync(file, rows.join('\r\n'))
    const plan = { kind: 'replay', file } as const
    const dataFolder = newFolder()
    const batches: Batch[] = []
    const answers: unknown[] = []
    /** From where it stands, so many seconds of the tape. */
    const run = async (seconds: number, act?: (market: ReturnType<typeof openTestVenue>) => void) => {
      const market = openTestVenue({ plan, market: await openMarket(plan), dataFolder, pace: 100, pastMs: 0 })
      market.start()
      market.pass(seconds * 10)
      act?.(market)
      market.pass(5)
      batches.push(...market.batches())
      answers.push(...market.batches().flatMap(batch => batch.answers.map(({ answer }) => answer)))
      market.close()
    }
    await run(10, market => {
      market.command(opening)
      market.command({ ...buying('u'), symbol: 'HHHH' } as Command)
    })
    // A restart goes on with what comes next on the tape.
    await run(1)
    await run(3)
    await run(10)
    const phases = ofKind(batches, 'status').flatMap(({ phase, auction }) => (auction === undefined ? [phase] : []))
    assert.deepEqual(phases, ['halted', 'paused', 'continuous'])
    const trades = ofKind(batches, 'trade').map(({ size, price, auction }) => [size, price, auction ?? false])
    assert.deepEqual(trades, [
      [20, 100.1, false],
      [300, 100.3, true],
    ])
    const refused = answers.find(answer => (answer as { clientOrderId?: string }).clientOrderId === 'u')
    assert.deepEqual((refused as { reason: { code: string } }).reason.code, 'not-trading')
  })
})

describe('a restart', () => {
  test('after a close is the same market, at once, in the same epoch', () => {
    const dataFolder = newFolder()
    const first = openTestVenue({ dataFolder })
    first.runUntilReady()
    first.command(opening)
    first.command(buying('a'))
    first.setPace('0x')
    const before = first.query('state', {})
    first.close()
    assert.equal(first.sent.at(-1)!.type, 'closed')
    const published = first.events().at(-1)!.seq
    const journal = new SqliteJournal(join(dataFolder, 'simulated-3-2', 'journal.sqlite'))
    assert.equal(journal.checkpoint('newest')?.seq, published, 'nothing has to be run again')
    journal.close()

    const second = openTestVenue({ dataFolder })
    const restored = second.query('state', {})
    assert.deepEqual(withoutSource(restored), withoutSource(before))
    assert.equal(second.query('account', { accountId: 'ann' })?.positions[0]?.size, 3)
    second.runUntilReady()
    second.pass(2_000)
    assert.ok(second.events().length > 0 && isDense(second.events()))
    assert.equal(second.events()[0]!.seq, published + 1)
    second.close()
  })

  test('does not make up the night: only the past asked for is traded', () => {
    const dataFolder = newFolder()
    const first = openTestVenue({ dataFolder })
    first.runUntilReady()
    first.close()
    const morning = WALL + 8 * 3_600_000
    const second = openTestVenue({ dataFolder, wallMs: morning })
    second.runUntilReady()
    const times = second
      .events()
      .flatMap(({ event, data }) => (event === 'trade' ? [JSON.parse(data).time as number] : []))
    assert.ok(times.length > 0)
    assert.ok(times[0]! >= morning - 60_000, `traded ${(morning - times[0]!) / 1_000} s before the morning`)
    second.close()
  })

  test('of a market that ran ahead of the wall goes on from where it is', () => {
    const dataFolder = newFolder()
    const fast = openTestVenue({ dataFolder, pace: MAX, pastMs: 0, takes: false })
    fast.start()
    fast.pass(1)
    const { time } = fast.query('state', {})
    fast.close()
    assert.ok(time > WALL + 20_000)
    const steady = openTestVenue({ dataFolder, wallMs: WALL + 1_000 })
    steady.runUntilReady()
    steady.pass(3_000)
    const moved = steady.query('state', {}).time - time
    assert.ok(moved > 1_000, `moved ${moved} ms in 3 s`)
    steady.close()
  })
})

test('an old event that cannot be read resets those who ask for it, and the market goes on', () => {
  const dataFolder = newFolder()
  const first = openTestVenue({ dataFolder })
  first.runUntilReady()
  first.close()
  const db = new DatabaseSync(join(dataFolder, 'simulated-3-2', 'journal.sqlite'))
  const { seq } = db.prepare("SELECT min(seq) + 20 AS seq FROM events WHERE event = 'book'").get() as { seq: number }
  db.exec(`UPDATE events SET data = replace(data, ':', '; ') WHERE seq = ${seq}`)
  db.close()

  const second = openTestVenue({ dataFolder })
  second.runUntilReady()
  assert.deepEqual(second.query('events', { from: 1, limit: 100 }), { oldest: seq + 1, events: [] })
  assert.equal(second.query('events', { from: seq + 1, limit: 100 }).events[0]!.seq, seq + 1)
  const event = first.events()[seq - 1]!
  second.query('history', { symbol: event.symbol!, event: event.event, before: seq + 1, limit: 1 })
  const answer = second.sent.at(-1)!
  assert.ok(answer.type === 'result' && 'damaged' in answer && answer.damaged.includes(`event ${seq} `))
  second.pass(1_000)
  assert.ok(second.events().length > 0)
  second.close()
})

test('an answer that cannot be read fails those who ask for it, and the market goes on', () => {
  const dataFolder = newFolder()
  const first = openTestVenue({ dataFolder })
  first.runUntilReady()
  first.command(opening)
  first.command(buying('a'))
  first.pass(10)
  first.close()
  const db = new DatabaseSync(join(dataFolder, 'simulated-3-2', 'journal.sqlite'))
  db.exec(`UPDATE private_events SET data = substr(data, 2) WHERE data LIKE '%"clientOrderId":"a"%'`)
  db.close()

  const second = openTestVenue({ dataFolder })
  second.runUntilReady()
  const commandId = second.command(buying('a'))
  const refused = second.sent.find(message => message.type === 'refused')
  assert.ok(refused?.commandId === commandId && /event \d+ of account ann/.test(refused.damaged))
  second.query('orders', { accountId: 'ann', after: undefined, limit: 10 })
  assert.ok('damaged' in second.sent.at(-1)!)
  const next = second.command(buying('b'))
  second.pass(10)
  assert.ok(second.batches().some(({ answers }) => answers.some(answer => answer.commandId === next)))
  second.close()
})

describe('a clock that is set, a computer that sleeps', () => {
  const HOUR = 3_600_000
  const PAST = 60_000
  const tsOf = (events: Batch['events']) => events.map(({ data }) => JSON.parse(data).ts as number)
  const timesOf = (events: Batch['events']) => events.map(({ data }) => JSON.parse(data).time as number)

  /** A market that has run for three seconds, and what comes of it in five more after its clocks have changed. */
  function after(change: (market: ReturnType<typeof openTestVenue>) => void, given: Settings = {}) {
    const market = openTestVenue(given)
    market.runUntilReady()
    market.pass(3_000)
    const before = market.query('state', {})
    const count = market.events().length
    change(market)
    market.pass(5_000)
    const state = market.query('state', {})
    return { market, before, state, events: market.events().slice(count) }
  }

  for (const [name, change] of [
    ['the wall clock jumps 8 h, as after a sleep', market => market.clock.setWall(8 * HOUR)],
    ['the computer sleeps 8 h and its monotone clock goes on', market => market.clock.suspend(8 * HOUR)],
    [
      'the monotone clock stands for half of a sleep',
      market => {
        market.clock.suspend(4 * HOUR)
        market.clock.setWall(4 * HOUR)
      },
    ],
  ] as readonly [string, (market: ReturnType<typeof openTestVenue>) => void][]) {
    test(`${name}: the market is at the wall's time again, and the pause is left out beyond its past`, () => {
      const { market, before, state, events } = after(change)
      const wall = WALL + 3_000 + 8 * HOUR + 5_000
      assert.ok(Math.abs(state.time - wall) < 2_000, `${(state.time - wall) / 1_000} s off`)
      for (const ts of tsOf(events)) assert.ok(ts >= (wall - 5_100) * 1_000 && ts <= wall * 1_000)
      const made = timesOf(events.filter(({ event }) => event === 'trade')).filter(time => time > before.time + 2_000)
      assert.ok(made.length > 0 && made.every(time => time >= wall - 5_100 - PAST), 'nothing in between')
      assert.ok(isDense(market.events()))
      assert.equal(market.notices().length, 1, market.notices().join('; '))
      assert.match(market.notices()[0]!, /8 h 0 min|4 h 0 min.*4 h 0 min/)
      assert.match(market.notices()[0]!, /goes on at .*without the \d+ s/)
    })
  }

  test('a jump that is shorter than the past is traded through', () => {
    const { market, before, events } = after(running => running.clock.setWall(30_000))
    const times = timesOf(events).filter(time => time > before.time && time < before.time + 30_000)
    assert.ok(new Set(times.map(time => Math.floor((time - before.time) / 5_000))).size >= 5, 'in every part of it')
    assert.doesNotMatch(market.notices().join(), /without/)
  })

  test('minute candles stay right: each is what was traded in its minute', () => {
    const { market } = after(running => running.clock.setWall(8 * HOUR))
    market.pass(60_000)
    const trades = market.events().flatMap(({ event, data }) => (event === 'trade' ? [JSON.parse(data)] : []))
    const candles = market.events().flatMap(({ event, data }) => (event === 'candle' ? [JSON.parse(data)] : []))
    assert.ok(candles.some(({ time }) => time < WALL + HOUR) && candles.some(({ time }) => time > WALL + 7 * HOUR))
    for (const { symbol, time, high, low, volume } of candles) {
      const inIt = trades.filter(trade => trade.symbol === symbol && Math.floor(trade.time / 60_000) * 60_000 === time)
      const sum = inIt.reduce((total, { size }) => total + size, 0)
      const prices = inIt.map(({ price }) => price)
      assert.deepEqual([high, low, volume], [Math.max(...prices), Math.min(...prices), sum], `${symbol} ${time}`)
    }
    assert.equal(new Set(candles.map(({ symbol, time }) => `${symbol} ${time}`)).size, candles.length, 'each once')
  })

  test('set back by 9 h: ts follows, and the market goes on from where it is', () => {
    const { market, before, state, events } = after(running => running.clock.setWall(-9 * HOUR))
    const moved = state.time - before.time
    assert.ok(moved > 3_500 && moved < 6_500, `moved ${moved} ms in 5 s`)
    const wall = WALL + 3_000 - 9 * HOUR
    assert.ok(events.length > 0)
    for (const ts of tsOf(events)) assert.ok(ts >= wall * 1_000 && ts <= (wall + 5_000) * 1_000)
    assert.ok(isDense(market.events()))
    assert.match(market.notices().join(), /set back by 9 h/)
    assert.equal(market.notices().length, 1)
  })

  test('set forward and back again: the market does not stand still afterwards', () => {
    const { market } = after(running => {
      running.clock.setWall(8 * HOUR)
      running.pass(2_000)
      running.clock.setWall(-9 * HOUR)
    })
    const { time } = market.query('state', {})
    market.pass(5_000)
    const moved = market.query('state', {}).time - time
    assert.ok(moved > 3_500 && moved < 6_500, `moved ${moved} ms in 5 s`)
    assert.equal(market.notices().length, 2)
  })

  test('corrected by a second now and then is no jump, until it adds up', () => {
    const { market } = after(running => {
      for (let i = 0; i < 3; i++) {
        running.clock.setWall(1_000)
        running.pass(1_000)
      }
    })
    assert.deepEqual(market.notices(), [])
    market.clock.setWall(1_000)
    market.pass(1_500)
    assert.equal(market.notices().length, 1)
  })

  test('at another pace the market goes on from where it is', () => {
    for (const change of [
      (market: ReturnType<typeof openTestVenue>) => market.clock.setWall(8 * HOUR),
      (market: ReturnType<typeof openTestVenue>) => market.clock.suspend(8 * HOUR),
    ]) {
      const { before, state } = after(change, { pace: 10 })
      const moved = state.time - before.time
      assert.ok(moved > 45_000 && moved < 65_000, `moved ${moved} ms in 5 s at 10x`)
    }
  })

  test('while paused by the operator nothing moves', () => {
    const { before, state } = after(running => {
      running.setPace('0x')
      running.clock.setWall(8 * HOUR)
      running.clock.suspend(8 * HOUR)
    })
    assert.ok(state.time - before.time < 2_000)
  })
})
