// One stream for all tabs, against a feed over real sockets and tabs that freeze, are killed and open late: every tab
// gets each trade once and in order and its own book, and reports the freshness of its data.

import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { ControlEvent, FeedEvent } from '@papertape/protocol'
import { repeatCommand, TEST_SEED } from '@papertape/protocol/testing'
import fc from 'fast-check'
import type { TappedFrame } from '../platform/frame-tap.ts'
import { seqs } from '../testing/bad-server.ts'
import { FakeBrowser, type FakeTab, settle } from '../testing/fake-tabs.ts'
import { startTestMarket } from '../testing/test-market.ts'
import { openSharedFeed, type SharedFeedOptions, type SharedFeedState } from './shared-feed.ts'
import type { PageLifecycleEvent } from './tabs-platform.ts'

const LIMIT = { timeout: 120_000 }
const EVENTS = ['quote', 'trade', 'book', 'status', 'news'] as const

type Market = Awaited<ReturnType<typeof startTestMarket>>

function follow(t: TestContext, market: Market, tab: FakeTab, books: readonly string[], change: object = {}) {
  const events: (FeedEvent | ControlEvent)[] = []
  const ids: (string | undefined)[] = []
  const states: SharedFeedState[] = []
  const options: SharedFeedOptions = {
    baseUrl: market.baseUrl,
    events: EVENTS,
    books,
    maxHz: 10,
    environment: tab.clock,
    platform: tab,
    onEvent(event, id) {
      events.push(event)
      ids.push(id)
    },
    onState: state => states.push(state),
    ...change,
  }
  const session = openSharedFeed(options)
  t.after(() => session.close())
  const of = (name: string) => events.filter(({ event }) => event === name)
  const trades = () => of('trade').map(({ data }) => (data as { seq: number }).seq)
  const books_ = () => of('book').map(({ data }) => data as { symbol: string; seq: number })
  const snapshots = () => events.flatMap(one => (one.event === 'snapshot' ? [one.data] : []))
  return { tab, session, events, ids, states, of, trades, books: books_, snapshots }
}

/** Runs the event loop and the tabs' clocks until the condition holds. */
async function until(browser: FakeBrowser, holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (holds()) return
    await browser.pass(50)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  assert.fail(`not reached: ${what}`)
}

async function open(t: TestContext, books: readonly (readonly string[])[]) {
  const market = await startTestMarket(t, ['AAA', 'BBB', 'CCC'])
  const browser = new FakeBrowser()
  const tabs: ReturnType<typeof follow>[] = []
  const join = async (wanted: readonly string[]) => {
    const tab = follow(t, market, browser.openTab(), wanted)
    tabs.push(tab)
    await until(browser, () => tab.session.state.phase === 'live', `tab ${tabs.length} is live`)
    return tab
  }
  for (const wanted of books) await join(wanted)
  const have = (count: number, which = tabs) =>
    until(browser, () => which.every(({ trades }) => trades().at(-1) === count), `trade ${count} in every tab`)
  return { market, browser, tabs, join, have }
}

const seqOf = (id: string) => Number(id.split('-')[1])
/** Each trade after the tab's first snapshot, once and in order. */
function assertExact({ trades, snapshots }: ReturnType<typeof follow>, upTo: number, every = (_: number) => true) {
  assert.deepEqual(trades(), seqs(seqOf(snapshots()[0]!.id) + 1, upTo).filter(every))
}

describe('an observer of frames', LIMIT, () => {
  test('is given the blocks of the stream in the leading tab, and the same events as forwarded in another', async t => {
    const market = await startTestMarket(t, ['AAA'])
    const browser = new FakeBrowser()
    const frames: TappedFrame[][] = [[], []]
    const tabs = frames.map(seen => () => {
      const tap = { onFrame: (frame: TappedFrame) => void seen.push(frame) }
      return follow(t, market, browser.openTab(), [], { tap })
    })
    for (const open of tabs) {
      const { session } = open()
      await until(browser, () => session.state.phase === 'live', 'the tab is live')
    }
    market.publish('trade', 'AAA')
    const trades = () => frames.map(seen => seen.filter(({ event }) => event === 'trade'))
    await until(browser, () => trades().every(seen => seen.length > 0), 'a trade in both tabs')
    const [[led], [followed]] = trades() as [TappedFrame[], TappedFrame[]]
    assert.deepEqual([led!.transport, followed!.transport], ['sse', 'tab'])
    assert.match(led!.text, /^(id|event): /)
    const forwarded = JSON.parse(followed!.text)
    assert.deepEqual([forwarded.id, followed!.id], [led!.id, led!.id])
    assert.deepEqual(forwarded.data, JSON.parse(/^data: (.*)$/m.exec(led!.text)![1]!))
  })
})

describe('twelve tabs', LIMIT, () => {
  test('share one stream with the books of all, and each gets its own', async t => {
    const wanted = seqs(0, 11).map(index => [['AAA', 'BBB', 'CCC'][index % 3]!])
    const { market, tabs, have, browser } = await open(t, wanted)
    await until(browser, () => market.streams === 1, 'one stream')
    assert.equal(market.streamUrls()[0]!.searchParams.get('books'), 'AAA,BBB,CCC')
    for (const symbol of ['AAA', 'BBB', 'CCC']) market.publish('book', symbol)
    for (let i = 0; i < 5; i++) market.publish('trade', 'AAA')
    await have(8)
    for (const [index, tab] of tabs.entries()) {
      assertExact(tab, 8, seq => seq > 3)
      const [symbol] = wanted[index]!
      assert.deepEqual(
        tab.books().map(book => book.symbol),
        [symbol],
      )
      const withBook = tab.snapshots().flatMap(({ instruments }) => instruments.filter(one => one.book !== undefined))
      assert.deepEqual([...new Set(withBook.map(one => one.symbol))], [symbol])
      assert.equal(tab.session.state.sharing.tabs, 12)
      assert.equal(tab.session.state.sharing.role, index === 0 ? 'leader' : 'follower')
    }
    assert.equal(market.streams, 1)
  })
})

describe('a tab that opens later', LIMIT, () => {
  test('starts with its own snapshot and misses nothing that arrives during its poll', async t => {
    const { market, browser, tabs, have } = await open(t, [['AAA']])
    for (let i = 0; i < 3; i++) market.publish('trade', 'AAA')
    await have(3)
    const late = follow(t, market, browser.openTab(), ['AAA'])
    tabs.push(late)
    // Events arrive during the poll.
    for (let i = 0; i < 10; i++) {
      market.publish('trade', 'BBB')
      market.publish('quote', 'BBB')
      await settle()
    }
    await until(browser, () => late.session.state.phase === 'live', 'live')
    market.publish('trade', 'AAA')
    await have(24)
    assertExact(late, 24, seq => seq <= 3 || seq % 2 === 0)
    const from = seqOf(late.snapshots()[0]!.id)
    const quotes = late.of('quote').map(({ data }) => (data as { seq: number }).seq)
    assert.deepEqual(
      quotes.filter(seq => seq <= from),
      [],
      'no quote that is older than the snapshot',
    )
    assert.deepEqual(
      late.events.slice(0, 2).map(({ event }) => event),
      ['hello', 'snapshot'],
    )
    assert.equal(market.streamsOpened, 1, 'the leader had this book already')
  })

  test('waits and reports the reason while its poll is refused', async t => {
    const { market, browser, have } = await open(t, [['AAA']])
    market.refusePolls(true)
    const late = follow(t, market, browser.openTab(), ['AAA'])
    await until(browser, () => late.session.state.reason?.code === 'busy', 'its failure is reported')
    assert.equal(late.session.state.phase, 'connecting')
    market.publish('trade', 'AAA')
    market.refusePolls(false)
    await until(browser, () => late.session.state.phase === 'live', 'live')
    market.publish('trade', 'AAA')
    await have(2, [late])
    assertExact(late, 2)
  })
})

describe('another book', LIMIT, () => {
  test('that no tab has yet: replaces the stream without a lost or repeated trade, and stays live', async t => {
    const { market, browser, tabs, have } = await open(t, [['AAA'], ['AAA']])
    const [leader, follower] = tabs
    for (const [tab, symbol] of [
      [follower!, 'BBB'],
      [leader!, 'CCC'],
    ] as const) {
      const phases = tabs.map(({ states }) => states.length)
      market.publish('trade', 'AAA')
      tab.session.setBooks([symbol])
      market.publish('trade', 'AAA')
      await until(
        browser,
        () =>
          tab
            .snapshots()
            .at(-1)!
            .instruments.some(one => one.book && one.symbol === symbol),
        symbol,
      )
      market.publish('book', symbol)
      market.publish('trade', 'AAA')
      await have(market.head)
      assert.deepEqual(
        tab
          .books()
          .map(book => book.symbol)
          .at(-1),
        symbol,
      )
      for (const [index, { states }] of tabs.entries()) {
        assert.deepEqual(
          [...new Set(states.slice(phases[index]).map(({ phase }) => phase))].filter(p => p !== 'live'),
          [],
        )
      }
    }
    const isTrade = (seq: number) => seq !== 3 && seq !== 7
    for (const tab of tabs) assertExact(tab, 8, isTrade)
    assert.equal(market.streams, 1)
    assert.equal(market.streamUrls()[0]!.searchParams.get('books'), 'BBB,CCC', 'AAA is wanted no more')
  })

  test('that another tab has: two polls and no new stream', async t => {
    const { market, browser, tabs, have } = await open(t, [['AAA'], ['BBB']])
    const opened = market.streamsOpened
    const polls = market.polls().length
    tabs[1]!.session.setBooks(['AAA'])
    await until(browser, () => market.polls().length === polls + 2, 'two polls')
    market.publish('trade', 'AAA')
    await have(1)
    assert.equal(
      tabs[1]!
        .snapshots()
        .at(-1)!
        .instruments.find(one => one.symbol === 'AAA')!.book!.seq,
      0,
    )
    assert.equal(market.streamsOpened, opened)
  })

  test('after a gap: polls for a snapshot, with a pause between repeated ones', async t => {
    const { market, browser, tabs } = await open(t, [['AAA'], ['AAA']])
    for (const tab of tabs) {
      const before = tab.snapshots().length
      const polls = market.polls().length
      for (let i = 0; i < 10; i++) tab.session.resnapshot()
      await until(browser, () => tab.snapshots().length > before, 'a snapshot')
      assert.ok(market.polls().length <= polls + 2)
      await until(browser, () => tab.snapshots().length > before + 1, 'and later one more')
    }
    assert.equal(market.streamsOpened, 1)
  })
})

describe('the leader is lost', LIMIT, () => {
  for (const end of ['kill', 'suspend', 'close', 'freeze'] as const) {
    test(`${end}: another tab continues from the position, every trade once`, async t => {
      const { market, browser, tabs, have } = await open(t, [['AAA'], ['BBB'], ['CCC']])
      market.publish('trade', 'AAA')
      await have(1)
      const [first, ...rest] = tabs
      if (end === 'kill') first!.tab.kill()
      else if (end === 'suspend') first!.tab.live('suspend')
      else if (end === 'close') first!.session.close()
      else first!.tab.freeze()
      // The events that a frozen tab's stream receives reach no tab.
      for (let i = 0; i < 4; i++) market.publish('trade', 'BBB')
      if (end === 'freeze') {
        await until(browser, () => rest.some(tab => tab.session.state.phase === 'stale'), 'the silence is said')
      }
      await have(5, rest)
      market.publish('trade', 'CCC')
      await have(6, rest)
      for (const tab of rest) assertExact(tab, 6)
      if (end === 'suspend') first!.tab.live('resume')
      if (end === 'freeze') first!.tab.thaw()
      if (end === 'suspend' || end === 'freeze') {
        await until(browser, () => first!.session.state.phase === 'live', 'the first is back')
        market.publish('trade', 'CCC')
        await have(7)
        for (const tab of tabs) assertExact(tab, 7)
        await until(browser, () => market.streams === 1, 'one stream')
        assert.deepEqual(tabs.map(tab => tab.session.state.sharing.role).sort(), ['follower', 'follower', 'leader'])
      }
    })
  }

  test('a tab without a position may lead: the others poll for the missing events', async t => {
    const { market, browser, tabs, have } = await open(t, [['AAA'], ['AAA']])
    market.publish('trade', 'AAA')
    await have(1)
    const [first, second] = tabs
    second!.tab.freeze()
    market.refusePolls(true)
    const third = follow(t, market, browser.openTab(), ['AAA'])
    await settle()
    first!.tab.kill()
    // The lock goes to the second, which is frozen; the third takes it without ever having had a position.
    market.publish('trade', 'AAA')
    await until(browser, () => third.session.state.sharing.role === 'leader', 'the third leads')
    await until(browser, () => third.session.state.phase === 'live', 'it is live')
    market.publish('trade', 'AAA')
    market.refusePolls(false)
    second!.tab.thaw()
    await have(3, [second!, third])
    assertExact(second!, 3)
    assertExact(third, 3)
  })
})

describe('the server', LIMIT, () => {
  test('cuts the stream: every tab reports it and continues', async t => {
    const { market, browser, tabs, have } = await open(t, [['AAA'], ['BBB']])
    const marks = tabs.map(({ states }) => states.length)
    market.cut()
    await until(
      browser,
      () => tabs.every(({ states }, i) => states.slice(marks[i]).some(s => s.phase === 'waiting')),
      'waiting',
    )
    market.publish('trade', 'AAA')
    await have(1)
    for (const tab of tabs) {
      assertExact(tab, 1)
      assert.equal(tab.session.state.phase, 'live')
    }
  })

  test('has another market: every tab gets a reset and a snapshot, and old symbols close nothing', async t => {
    const { market, browser, tabs, have } = await open(t, [['AAA'], ['BBB']])
    market.publish('trade', 'AAA')
    await have(1)
    market.replace('mkt2', ['ZZZ'])
    await until(browser, () => tabs.every(({ of }) => of('reset').length === 1), 'a reset in every tab')
    await until(browser, () => tabs.every(({ snapshots }) => snapshots().at(-1)!.id.startsWith('mkt2')), 'its snapshot')
    for (const { session } of tabs) session.setBooks(['ZZZ'])
    await until(browser, () => market.streamUrls()[0]?.searchParams.get('books') === 'ZZZ', 'its book')
    market.publish('trade', 'ZZZ')
    await until(browser, () => tabs.every(({ ids }) => ids.includes('mkt2-1')), 'its trades')
    for (const { ids } of tabs) assert.equal(ids.filter(id => id === 'mkt2-1').length, 1)
  })
})

test('without locks each tab has a stream of its own', LIMIT, async t => {
  const market = await startTestMarket(t, ['AAA', 'BBB'])
  const browser = new FakeBrowser()
  const tabs = ['AAA', 'BBB'].map(symbol => {
    const tab = browser.openTab()
    const { isVisible } = tab
    const openChannel = tab.openChannel.bind(tab)
    const platform = { locks: undefined, isVisible, openChannel, watchLifecycle: () => () => {} }
    return follow(t, market, tab, [symbol], { platform })
  })
  await until(browser, () => tabs.every(({ session }) => session.state.phase === 'live'), 'live')
  assert.deepEqual(
    tabs.map(({ session }) => session.state.sharing),
    Array(2).fill({ role: 'alone', tabs: 1 }),
  )
  assert.equal(market.streams, 2)
  tabs[0]!.session.setBooks(['BBB'])
  await until(browser, () => market.streamUrls().every(url => url.searchParams.get('books') === 'BBB'), 'the new book')
  market.publish('trade', 'AAA')
  await until(browser, () => tabs.every(({ trades }) => trades().length === 1), 'a trade in both')
  assert.equal(market.polls().length, 0)
})

test('a closed feed delivers nothing, releases everything and stays closed', LIMIT, async t => {
  const { market, browser, tabs } = await open(t, [['AAA'], ['AAA']])
  for (const { session } of tabs) session.close()
  await until(browser, () => market.streams === 0, 'no stream')
  const counts = tabs.map(({ events }) => events.length)
  market.publish('trade', 'AAA')
  for (const { session } of tabs) session.reconnect()
  await browser.pass(10_000)
  assert.deepEqual(
    tabs.map(({ events }) => events.length),
    counts,
  )
  assert.deepEqual(
    tabs.map(({ session }) => session.state.phase),
    ['closed', 'closed'],
  )
  assert.deepEqual(
    tabs.map(({ tab }) => tab.clock.timers),
    [0, 0],
  )
  assert.equal(browser.channels.length, 0)
})

describe('random sequences', { timeout: 60_000 }, () => {
  const which = fc.nat({ max: 4 })
  const anyStep = fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant('publish'), which, count: fc.integer({ min: 1, max: 5 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constantFrom(
          'join',
          'kill',
          'freeze',
          'thaw',
          'suspend',
          'resume',
          'hidden',
          'shown',
          'choose',
          'resnapshot',
        ),
        which,
        count: fc.constant(0),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constantFrom('cut', 'refuse', 'pass'), which, count: fc.constant(0) }),
    },
  )
  const SYMBOLS = ['AAA', 'BBB', 'CCC']

  for (const [index, steps] of fc
    .sample(fc.array(anyStep, { minLength: 10, maxLength: 40 }), { seed: TEST_SEED, numRuns: 12 })
    .entries()) {
    const again = repeatCommand(import.meta.filename)
    test(`${index}: every tab has each trade once, in order; ${again}`, async t => {
      const market = await startTestMarket(t, SYMBOLS)
      const browser = new FakeBrowser()
      let living: ReturnType<typeof follow>[] = []
      const killed: typeof living = []
      const join = () => living.push(follow(t, market, browser.openTab(), [SYMBOLS[living.length % 3]!]))
      join()
      await until(browser, () => living[0]!.session.state.phase === 'live', 'the first tab is live')
      for (const { does, which: at, count } of steps) {
        const tab = living[at % living.length]!
        for (let i = 0; i < count; i++) {
          market.publish(i % 3 === 2 ? 'quote' : 'trade', SYMBOLS[(at + i) % 3]!)
          market.publish('book', SYMBOLS[at % 3]!)
        }
        if (does === 'join' && living.length < 6) join()
        else if (does === 'kill' && living.length > 1) {
          tab.tab.kill()
          killed.push(tab)
          living = living.filter(other => other !== tab)
        } else if (does === 'freeze' && !tab.tab.isFrozen) tab.tab.freeze()
        else if (does === 'thaw' && tab.tab.isFrozen) tab.tab.thaw()
        else if (does === 'choose') tab.session.setBooks([SYMBOLS[(at + 1) % 3]!])
        else if (does === 'resnapshot') tab.session.resnapshot()
        else if (does === 'cut') market.cut()
        else if (does === 'refuse') market.refusePolls(at % 2 === 0)
        else if (does === 'pass') await browser.pass(at * 1_000)
        else if (['suspend', 'resume', 'hidden', 'shown'].includes(does) && !tab.tab.isFrozen)
          tab.tab.live(does as PageLifecycleEvent)
        if (at % 2 === 0) await browser.pass(50)
        else await settle()
      }
      // Finally every tab runs and is visible.
      market.refusePolls(false)
      for (const { tab } of living) {
        if (tab.isFrozen) tab.thaw()
        tab.live('resume')
        tab.live('shown')
      }
      await until(browser, () => living.every(({ session }) => session.state.phase === 'live'), 'all are live')
      market.publish('trade', 'AAA')
      const head = market.head
      await until(browser, () => living.every(tab => tab.trades().at(-1) === head), 'all have the last trade')
      const isTrade = new Set(market.trades)
      for (const tab of living) assertExact(tab, head, seq => isTrade.has(seq))
      // In this test the stream of a killed tab stays open.
      const left = () =>
        killed.filter(
          ({ session: { state } }) => state.sharing.role === 'leader' && ['live', 'stale'].includes(state.phase),
        )
      await until(browser, () => market.streams === 1 + left().length, 'one stream')
      const roles = living.map(({ session }) => session.state.sharing.role)
      assert.equal(roles.filter(role => role === 'leader').length, 1, roles.join())
    })
  }
})
