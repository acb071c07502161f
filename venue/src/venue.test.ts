// A whole venue on a manual clock: its past, commands and queries, how far it runs ahead of its gateway, paces,
// scenarios, replays, restarts, and clocks that are set.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Command } from '@papertape/protocol'
import { createLobsterReplay, parseLobster } from '@papertape/simulators'
import { EventDamaged } from './journal/journal-errors.ts'
import { MemoryJournal } from './journal/memory-journal.ts'
import { type OpenableMarket, planSimulation } from './market/market-plan.ts'
import type { Batch } from './messages.ts'
import { openMemoryJournal } from './recovery/opened-journal.ts'
import { verifyJournal } from './recovery/verify.ts'
import {
  buyAtMarket,
  openTestAccount,
  openTestVenue,
  TEST_PAST_MS as PAST,
  stateToRestore,
  type TestVenue,
  type TestVenueSettings,
  TEST_WALL_MS as WALL,
} from './testing/test-venue.ts'

const MAX = Number.POSITIVE_INFINITY

/** A replay without a file. */
function planReplay(symbol: string, rows: readonly string[]): OpenableMarket {
  const messages = parseLobster(rows.map(row => `${row}\n`).join(''))
  const startTime = WALL + Math.floor(messages.timesMs[0]!)
  const open: OpenableMarket['open'] = (_, state) =>
    createLobsterReplay({ symbol, name: symbol, messages, startTime }, state)
  return { name: 'replay', instruments: open(0, undefined).instruments, rules: {}, open }
}

const isDense = (events: Batch['events']) => events.every(({ seq }, i) => seq === events[0]!.seq + i)

describe('a new market', () => {
  test('catches up with now from a past of the length asked for, and sends `ready` once', () => {
    const market = openTestVenue({ pastMs: 40_000 })
    market.runUntilReady()
    market.pass(50)
    assert.equal(market.sent.filter(({ type }) => type === 'ready').length, 1)
    const times = market.events().map(({ data }) => JSON.parse(data).time as number)
    assert.ok(times[0]! <= WALL - 40_000 && times[0]! > WALL - 101_000, `the past begins ${WALL - times[0]!} ms ago`)
    const { time, seq } = market.query('state', {})
    assert.ok(time <= WALL + 50 && time > WALL - 5_000, `the market stands ${WALL - time} ms before the wall`)
    assert.equal(market.events().length, seq)
    assert.ok(isDense(market.events()) && market.events()[0]!.seq === 1)
    assert.deepEqual(
      market.batches().map(({ number }) => number),
      market.batches().map((_, i) => i + 1),
    )
  })

  test('follows the wall clock from then on', () => {
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
  test('is answered in the batch that has its events', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.pass(10)
    market.send(openTestAccount)
    const commandId = market.send(buyAtMarket('a'))
    market.pass(10)
    const batch = market.batches().find(({ answers }) => answers.some(answer => answer.commandId === commandId))
    const { answer } = batch!.answers.find(one => one.commandId === commandId)!
    assert.ok(answer.type === 'execution' && answer.clientOrderId === 'a')
    const own = batch!.privateEvents.find(event => event.commandId === commandId)
    assert.deepEqual(JSON.parse(own!.data), answer)
    assert.ok(batch!.events.some(({ event, symbol }) => event === 'trade' && symbol === 'VELTR'))
  })

  test('shares its commit with those of the next four milliseconds', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.setPace('0x')
    market.pass(20)
    const before = market.batches().length
    market.send(openTestAccount)
    assert.equal(market.batches().length, before + 1, 'it need not wait after an idle time')
    market.send(buyAtMarket('a'))
    market.send(buyAtMarket('b'))
    market.pass(3)
    assert.equal(market.batches().length, before + 1)
    market.pass(1)
    assert.equal(market.batches().length, before + 2)
    assert.equal(market.batches().at(-1)!.answers.length, 2)
  })

  test('shares its commit with those that came with it, however long the commit before took', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.setPace('0x')
    market.send(openTestAccount)
    market.pass(20)
    const before = market.batches().length
    const commands = ['a', 'b', 'c'].map((id, n) => {
      return { type: 'command', commandId: 1_000 + n, command: buyAtMarket(id) } as const
    })
    market.venue.receive(...commands)
    assert.equal(market.batches().length, before + 1)
    assert.deepEqual(
      market
        .batches()
        .at(-1)!
        .answers.map(({ commandId }) => commandId),
      [1_000, 1_001, 1_002],
    )
  })
})

describe('a query', () => {
  test('includes only what has been published: pending commands are flushed first', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.send(openTestAccount)
    market.send(buyAtMarket('a'))
    const { id, seq } = market.query('state', {})
    assert.equal(market.events().at(-1)!.seq, seq)
    assert.equal(id, `k3f90000-${seq}`)
    assert.equal(market.sent.at(-1)!.type, 'result')
    assert.equal(market.query('account', { accountId: 'ann' })?.positions[0]?.size, 3)
    assert.equal(market.query('orders', { accountId: 'ann', list: 'all', limit: 10 })[0]?.clientOrderId, 'a')
    const lastSeq = market.query('privateEvents', { accountId: 'ann', from: 1, limit: 100 }).at(-1)!.seq
    const found = { accountId: 'ann', lastSeq, tokenId: 'first', readOnly: false, expiresUs: null }
    assert.deepEqual(market.query('findToken', { tokenHash: '#ann' }), found)
  })

  test('of whoever comes while nobody waits for events has what had happened: it is published first', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.venue.receive({ type: 'audience', isPresent: false })
    market.pass(20)
    const before = market.events().length
    market.pass(5_000)
    assert.equal(market.events().length, before)
    market.venue.receive(
      { type: 'audience', isPresent: true },
      { type: 'query', queryId: 999, name: 'counts', params: {} },
    )
    market.pass(5)
    const answeredAt = market.sent.findIndex(message => message.type === 'result' && message.queryId === 999)
    const published = market.sent
      .slice(0, answeredAt)
      .flatMap(message => (message.type === 'batch' ? message.events : []))
    assert.ok(answeredAt > 0 && published.length > before)
  })

  test('of orders has open and ended ones, newest first, in pages', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.send(openTestAccount)
    for (const id of ['a', 'b', 'c']) {
      market.send(buyAtMarket(`${id} ended`))
      market.send({ ...buyAtMarket(id), orderType: 'limit', price: 1, timeInForce: 'GTC' } as Command)
    }
    const page = (after?: string) => market.query('orders', { accountId: 'ann', list: 'all', after, limit: 4 })
    const first = page()
    const second = page(first.at(-1)!.orderId)
    assert.deepEqual(
      [first, second].map(orders => orders.map(({ clientOrderId }) => clientOrderId)),
      [
        ['c', 'c ended', 'b', 'b ended'],
        ['a', 'a ended'],
      ],
    )
  })

  test('of an order finds it by each clientOrderId that it has had, open or ended, and of its account alone', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.send(openTestAccount)
    market.send({ ...openTestAccount, accountId: 'bob', tokenHash: '#bob' } as Command)
    market.send({ ...buyAtMarket('first'), orderType: 'limit', price: 1, timeInForce: 'GTC' } as Command)
    const change = {
      type: 'order.replace',
      accountId: 'ann',
      origClientOrderId: 'first',
      clientOrderId: 'second',
    } as const
    market.send({ ...change, size: 2 })
    market.send(buyAtMarket('filled'))
    const find = (origClientOrderId: string, accountId = 'ann') =>
      market.query('order', { accountId, origClientOrderId })
    assert.partialDeepStrictEqual(find('first'), { clientOrderId: 'second', size: 2, orderStatus: 'new' })
    assert.deepEqual(find('first'), find('second'))
    assert.deepEqual(find('filled'), market.query('order', { accountId: 'ann', orderId: find('filled')!.orderId }))
    assert.equal(find('filled')!.orderStatus, 'filled')
    assert.deepEqual([find('third'), find('first', 'bob'), find('first', 'eve')], [undefined, undefined, undefined])
  })

  test('finds nothing for unknown accounts', () => {
    const market = openTestVenue()
    market.runUntilReady()
    assert.equal(market.query('findToken', { tokenHash: '#eve' }), undefined)
    assert.equal(market.query('account', { accountId: 'eve' }), undefined)
    assert.deepEqual(market.query('orders', { accountId: 'eve', list: 'all', limit: 10 }), [])
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

describe('a journal that cannot read an event', () => {
  /** Its events from 1 to 20 are damaged. */
  const openDamaged = (market: OpenableMarket) => {
    const opened = openMemoryJournal(market, 'k3f90000')
    const journal = new Proxy(opened.journal, {
      get(target, name) {
        const value = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...given: [number]) => {
          if (name === 'eventsFrom' && given[0] <= 20) throw new EventDamaged(20, 'event 20 is not what was written')
          return value.apply(target, given)
        }
      },
    })
    return { ...opened, journal }
  }

  test('resets the readers that ask for it', () => {
    const market = openTestVenue({ openJournal: openDamaged })
    market.runUntilReady()
    assert.deepEqual(market.query('events', { from: 5, limit: 10 }), { oldest: 21, events: [] })
    assert.equal(market.query('events', { from: 21, limit: 10 }).events.length, 10)
  })
})

test('nothing is published when the journal is gone after an append', () => {
  const market = openTestVenue({
    openJournal: plan => ({
      ...openMemoryJournal(plan, 'k3f90000'),
      confirm() {
        throw new Error('the files are gone')
      },
    }),
  })
  assert.throws(() => market.start(), /the files are gone/)
  assert.deepEqual(market.batches(), [])
})

describe('a queued query', () => {
  test('of the market has the newest checkpoint, neither a hash of the present state nor books', () => {
    const market = openTestVenue()
    market.runUntilReady()
    const { id, checkpoint, ...rest } = market.query('market', {})
    assert.equal(id, `k3f90000-${market.events().at(-1)!.seq}`)
    assert.deepEqual(Object.keys(checkpoint), ['command', 'seq', 'hash'])
    assert.deepEqual([checkpoint.command, checkpoint.seq], [0, 0])
    assert.deepEqual(Object.keys(rest), ['epoch', 'oldest', 'time', 'source', 'pace', 'scenarios', 'scenarioNames'])
  })

  test('of the log has 512 events at most', () => {
    const market = openTestVenue({ pastMs: 40_000 })
    market.runUntilReady()
    const { events } = market.query('events', { from: 2, limit: 1_000_000 })
    assert.deepEqual([events.length, events[0]?.seq], [512, 2])
  })

  test('waits while queries have used their share of the time; a command does not', () => {
    const market = openTestVenue({ readMs: 30 })
    market.runUntilReady()
    market.send(openTestAccount)
    market.pass(10)
    const ask = (from: number) =>
      market.venue.receive({ type: 'query', queryId: from, name: 'events', params: { from, limit: 1 } })
    const answers = () => market.sent.filter(message => message.type === 'result' && message.queryId > 100_000)
    for (let i = 1; i <= 20; i++) ask(100_000 + i)
    const before = answers().length
    assert.ok(before >= 1 && before <= 3, `${before} at once`)
    const commandId = market.send(buyAtMarket('a'))
    market.pass(10)
    assert.ok(market.batches().some(({ answers }) => answers.some(answer => answer.commandId === commandId)))
    assert.ok(answers().length < 5)
    market.pass(4_000)
    assert.equal(answers().length, 20)
  })
})

describe('pace', () => {
  test('max runs as fast as the gateway processes batches; another pace goes on from the time reached', () => {
    const market = openTestVenue({ pace: MAX, pastMs: 0, takes: false, stepMs: 1 })
    market.start()
    market.pass(1_000)
    const ahead = market.query('state', {}).time
    assert.ok(ahead > WALL + 10_000, `${ahead - WALL} ms ahead`)
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

  test('0 stops the market, and users may trade all the same', () => {
    const market = openTestVenue()
    market.runUntilReady()
    market.setPace('0x')
    market.pass(10)
    const before = market.query('state', {})
    market.pass(5_000)
    assert.deepEqual(market.query('state', {}), before)
    market.send(openTestAccount)
    market.send(buyAtMarket('a'))
    market.pass(10)
    assert.equal(market.query('account', { accountId: 'ann' })?.positions[0]?.size, 3)
  })
})

test('paces and scenarios are commands: the journal has them in order, and a replay of all of them gives the same state', () => {
  const market = openTestVenue({ pastMs: 1_000 })
  market.runUntilReady()
  market.setPace('10x')
  market.startScenarios('halt')
  market.pass(500)
  market.setPace('0x')
  market.close()
  const { journal } = market
  const commands = [...journal.commandsAfter(0)].map(({ command }) => command)
  assert.deepEqual(
    commands.filter(({ type }) => type === 'pace.set' || type === 'scenario.start'),
    [
      { type: 'pace.set', pace: '10x' },
      { type: 'scenario.start', names: ['halt'] },
      { type: 'pace.set', pace: '0x' },
    ],
  )
  const { instruments, rules } = planSimulation({ kind: 'simulated', seed: 3, symbols: 1 })
  const { hash, commands: replayed } = verifyJournal(journal, instruments, rules)
  assert.equal(replayed, commands.length)
  assert.equal(journal.checkpoint('newest')?.hash, hash)
})

describe('a scenario', () => {
  const phases = (batches: readonly Batch[]) =>
    batches.flatMap(({ events }) =>
      events.flatMap(({ event, data }) => (event === 'status' ? [JSON.parse(data).phase] : [])),
    )

  test('starts once, and goes on after a restart', () => {
    const first = openTestVenue()
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
    assert.deepEqual(phases(first.batches()), ['halted'])
    first.close()

    const plan = { kind: 'simulated', seed: 3, symbols: 1, scenarios: ['halt'] } as const
    const second = openTestVenue({ journal: first.journal, plan, wallMs: WALL + 2_000 })
    assert.deepEqual(second.query('state', {}).scenarios, scenarios)
    assert.deepEqual(phases(second.batches()), [])
    second.close()
  })

  test('of the plan starts with the market', () => {
    const plan = { kind: 'simulated', seed: 3, symbols: 1, scenarios: ['halt'] } as const
    const market = openTestVenue({ plan })
    market.runUntilReady()
    market.pass(1_000)
    assert.deepEqual(phases(market.batches()), ['halted'])
    const [halted] = market.events().filter(({ event }) => event === 'status')
    assert.ok(JSON.parse(halted!.data).time >= WALL, 'not in the past that is simulated first')
    market.close()
  })

  test('is ignored by a replay', () => {
    const plan = { kind: 'replay', file: 'TEST.csv' } as const
    const replay = planReplay('TEST', ['34200.5,1,1,100,100000,-1', '34201.25,4,1,40,100000,-1'])
    const market = openTestVenue({ plan, market: replay })
    market.startScenarios('halt')
    assert.deepEqual(market.query('state', {}).scenarios, [])
    market.close()
  })
})

describe('a replay with a halt', () => {
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

  test('halts, collects orders, prints its cross and reopens, with a restart in each phase', () => {
    const plan = { kind: 'replay', file: 'HHHH.csv' } as const
    const replay = planReplay('HHHH', rows)
    const journal = new MemoryJournal()
    const batches: Batch[] = []
    const answers: unknown[] = []
    /** The next seconds of the tape. */
    const run = (seconds: number, act?: (market: TestVenue) => void) => {
      const market = openTestVenue({ plan, market: replay, journal, pace: 100, pastMs: 0 })
      market.start()
      market.pass(seconds * 10)
      act?.(market)
      market.pass(5)
      batches.push(...market.batches())
      answers.push(...market.batches().flatMap(batch => batch.answers.map(({ answer }) => answer)))
      market.close()
    }
    run(10, market => {
      market.send(openTestAccount)
      market.send(buyAtMarket('u', 'HHHH'))
    })
    // Restarts.
    run(1)
    run(3)
    run(10)
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
  test('after a close restores the same market in the same epoch', () => {
    const first = openTestVenue()
    first.runUntilReady()
    first.send(openTestAccount)
    first.send(buyAtMarket('a'))
    first.setPace('0x')
    const before = first.query('state', {})
    first.close()
    assert.equal(first.sent.at(-1)!.type, 'closed')
    const published = first.events().at(-1)!.seq
    assert.equal(first.journal.checkpoint('newest')?.seq, published, 'nothing has to be replayed')

    const second = openTestVenue({ journal: first.journal })
    const restored = second.query('state', {})
    assert.deepEqual(stateToRestore(restored), stateToRestore(before))
    assert.equal(second.query('account', { accountId: 'ann' })?.positions[0]?.size, 3)
    second.runUntilReady()
    second.pass(2_000)
    assert.ok(second.events().length > 0 && isDense(second.events()))
    assert.equal(second.events()[0]!.seq, published + 1)
    second.close()
  })

  test('cancels the orders of sessions that were lost with the server', () => {
    const first = openTestVenue()
    first.runUntilReady()
    first.send(openTestAccount)
    first.send({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'account' })
    first.send({ ...buyAtMarket('a'), orderType: 'limit', price: 1, timeInForce: 'GTC' } as Command)
    assert.equal(first.query('account', { accountId: 'ann' })!.orders.length, 1)
    first.close()
    const second = openTestVenue({ journal: first.journal })
    second.start()
    assert.deepEqual(second.query('account', { accountId: 'ann' })!.orders, [])
  })

  const resting = (clientOrderId: string) =>
    ({ ...buyAtMarket(clientOrderId), orderType: 'limit', price: 1, timeInForce: 'GTC' }) as Command
  const openOrders = (venue: TestVenue) => venue.query('account', { accountId: 'ann' })!.orders.length

  test('gives lost sessions the rest of their grace', () => {
    const first = openTestVenue()
    first.runUntilReady()
    first.send(openTestAccount)
    first.send({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'account', graceMs: 2_000 })
    first.send(resting('a'))
    first.close()
    const second = openTestVenue({ journal: first.journal, wallMs: first.clock.wallMs() + 10_000 })
    second.start()
    second.pass(1_990)
    assert.equal(openOrders(second), 1)
    second.pass(20)
    assert.equal(openOrders(second), 0)
  })

  test('cancels what became due by cancelAllAfter while no server ran', () => {
    const first = openTestVenue()
    first.runUntilReady()
    first.send(openTestAccount)
    first.send(resting('a'))
    first.send({ type: 'order.cancelAllAfter', accountId: 'ann', timeoutMs: 5_000 })
    first.close()
    for (const [downMs, left] of [
      [4_000, 1],
      [6_000, 0],
    ] as const) {
      const journal = new MemoryJournal(first.journal.save())
      const second = openTestVenue({ journal, wallMs: first.clock.wallMs() + downMs })
      second.start()
      second.pass(100)
      assert.equal(openOrders(second), left, `down for ${downMs} ms`)
    }
  })

  test('after a night trades only the past asked for', () => {
    const first = openTestVenue()
    first.runUntilReady()
    first.close()
    const morning = WALL + 8 * 3_600_000
    const second = openTestVenue({ journal: first.journal, wallMs: morning })
    second.runUntilReady()
    const times = second
      .events()
      .flatMap(({ event, data }) => (event === 'trade' ? [JSON.parse(data).time as number] : []))
    assert.ok(times.length > 0)
    assert.ok(times[0]! >= morning - PAST, `traded ${(morning - times[0]!) / 1_000} s before the morning`)
    second.close()
  })

  test('of a market that ran ahead of the wall clock goes on from its own time', () => {
    const fast = openTestVenue({ pace: MAX, pastMs: 0, takes: false, stepMs: 1 })
    fast.start()
    fast.pass(1_000)
    const { time } = fast.query('state', {})
    fast.close()
    assert.ok(time > WALL + 10_000)
    const steady = openTestVenue({ journal: fast.journal, wallMs: WALL + 1_000 })
    steady.runUntilReady()
    steady.pass(3_000)
    const moved = steady.query('state', {}).time - time
    assert.ok(moved > 1_000, `moved ${moved} ms in 3 s`)
    steady.close()
  })
})

describe('a wall clock that is set or a computer that sleeps', () => {
  const HOUR = 3_600_000
  const tsOf = (events: Batch['events']) => events.map(({ data }) => JSON.parse(data).ts as number)
  const timesOf = (events: Batch['events']) => events.map(({ data }) => JSON.parse(data).time as number)

  /** Runs a market for three seconds, changes its clocks, and runs it for five more, whose events are returned. */
  function runAfter(change: (market: TestVenue) => void, given: TestVenueSettings = {}) {
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
      'the monotone clock stops for half of a sleep',
      market => {
        market.clock.suspend(4 * HOUR)
        market.clock.setWall(4 * HOUR)
      },
    ],
  ] as readonly [string, (market: TestVenue) => void][]) {
    test(`${name}: the market follows the wall clock, and only the past asked for is traded`, () => {
      const { market, before, state, events } = runAfter(change)
      const wall = WALL + 3_000 + 8 * HOUR + 5_000
      assert.ok(Math.abs(state.time - wall) < 2_000, `${(state.time - wall) / 1_000} s off`)
      for (const ts of tsOf(events)) assert.ok(ts >= (wall - 5_100) * 1_000 && ts <= wall * 1_000)
      const made = timesOf(events.filter(({ event }) => event === 'trade')).filter(time => time > before.time + 2_000)
      assert.ok(made.length > 0 && made.every(time => time >= wall - 5_100 - PAST), 'nothing in between')
      assert.ok(isDense(market.events()))
      assert.equal(market.notices().length, 1, market.notices().join('; '))
      assert.match(market.notices()[0]!, /8 h 0 min|4 h 0 min.*4 h 0 min/)
      assert.match(market.notices()[0]!, /goes on at .*; \d+ s of trading are left out/)
    })
  }

  test('a jump that is shorter than the past is traded through', () => {
    const { market, before, events } = runAfter(running => running.clock.setWall(15_000))
    const times = timesOf(events).filter(time => time > before.time && time < before.time + 15_000)
    assert.ok(new Set(times.map(time => Math.floor((time - before.time) / 5_000))).size >= 3, 'in every part of it')
    assert.doesNotMatch(market.notices().join(), /left out/)
  })

  test('minute candles stay right: each has the trades of its minute', () => {
    const { market } = runAfter(running => running.clock.setWall(8 * HOUR))
    market.pass(60_000)
    const trades = market.events().flatMap(({ event, data }) => (event === 'trade' ? [JSON.parse(data)] : []))
    const candles = market.events().flatMap(({ event, data }) => (event === 'candle' ? [JSON.parse(data)] : []))
    assert.ok(candles.some(({ time }) => time < WALL + HOUR) && candles.some(({ time }) => time > WALL + 7 * HOUR))
    for (const { symbol, time, high, low, volume } of candles) {
      const own = trades.filter(trade => trade.symbol === symbol && Math.floor(trade.time / 60_000) * 60_000 === time)
      const sum = own.reduce((total, { size }) => total + size, 0)
      const prices = own.map(({ price }) => price)
      assert.deepEqual([high, low, volume], [Math.max(...prices), Math.min(...prices), sum], `${symbol} ${time}`)
    }
    assert.equal(new Set(candles.map(({ symbol, time }) => `${symbol} ${time}`)).size, candles.length, 'each once')
  })

  test('set back by 9 h: ts follows, and the market goes on from its own time', () => {
    const { market, before, state, events } = runAfter(running => running.clock.setWall(-9 * HOUR))
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
    const { market } = runAfter(running => {
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

  test('corrections of a second are no jump until they add up', () => {
    const { market } = runAfter(running => {
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

  test('at another pace the market goes on from its own time', () => {
    for (const change of [
      (market: TestVenue) => market.clock.setWall(8 * HOUR),
      (market: TestVenue) => market.clock.suspend(8 * HOUR),
    ]) {
      const { before, state } = runAfter(change, { pace: 10, pastMs: 0 })
      const moved = state.time - before.time
      assert.ok(moved > 45_000 && moved < 65_000, `moved ${moved} ms in 5 s at 10x`)
    }
  })

  test('a paused market stays paused', () => {
    const { before, state } = runAfter(running => {
      running.setPace('0x')
      running.clock.setWall(8 * HOUR)
      running.clock.suspend(8 * HOUR)
    })
    assert.ok(state.time - before.time < 2_000)
  })
})
