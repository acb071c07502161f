// One order channel for all tabs, against an exchange over real sockets and tabs that freeze, are killed and open late:
// every command gets its own answer, no order is created twice, and every tab has the same account.

import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { WebSocket } from 'ws'
import type { SocketConstructor } from '../orders/channel-interface.ts'
import type { OutboundMessage } from '../orders/channel-messages.ts'
import { seqs } from '../testing/bad-server.ts'
import { FakeBrowser, type FakeTab } from '../testing/fake-tabs.ts'
import { startTestExchange } from '../testing/test-exchange.ts'
import { AccountView } from '../views/account-view.ts'
import { openSharedOrders, type SharedChannelState } from './shared-orders.ts'

const LIMIT = { timeout: 120_000 }
type Exchange = Awaited<ReturnType<typeof startTestExchange>>

function join(t: TestContext, exchange: Exchange, tab: FakeTab, change: object = {}) {
  const messages: OutboundMessage[] = []
  const states: SharedChannelState[] = []
  const view = new AccountView({ onGap: from => void channel.resend(from).catch(() => {}) })
  const channel = openSharedOrders({
    url: exchange.url,
    account: 'a1',
    WebSocket: WebSocket as unknown as SocketConstructor,
    environment: tab.clock,
    platform: tab,
    onMessage(message) {
      messages.push(message)
      view.apply(message)
    },
    onState: state => states.push(state),
    ...change,
  })
  t.after(() => channel.close())
  const order = (id: string) =>
    ({ clientOrderId: id, symbol: 'AAA', side: 'buy', orderType: 'market', size: 1 }) as const
  const place = (id: string) => channel.place(order(id))
  /** Private events in the order of their first arrival. */
  const fills = () => view.fills.map(({ clientOrderId }) => clientOrderId).reverse()
  return { tab, channel, messages, states, view, place, fills }
}

async function until(browser: FakeBrowser, holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (holds()) return
    await browser.pass(50)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  assert.fail(`never: ${what}`)
}

async function open(t: TestContext, count: number) {
  const exchange = await startTestExchange(t)
  const browser = new FakeBrowser()
  const tabs: ReturnType<typeof join>[] = []
  const add = async () => {
    const tab = join(t, exchange, browser.openTab())
    tabs.push(tab)
    await until(browser, () => tab.channel.state.phase === 'ready' && tab.view.seq !== undefined, `tab ${tabs.length}`)
    return tab
  }
  for (let i = 0; i < count; i++) await add()
  const settled = async <T>(promise: Promise<T>, what: string): Promise<T> => {
    let result: { readonly value: T } | { readonly error: unknown } | undefined
    promise.then(
      value => {
        result = { value }
      },
      error => {
        result = { error }
      },
    )
    await until(browser, () => result !== undefined, what)
    if ('error' in result!) throw result.error
    return result!.value
  }
  return { exchange, browser, tabs, add, settled }
}

describe('twelve tabs', LIMIT, () => {
  test('share one socket and one session; each gets its own answers, and all get every fill', async t => {
    const { exchange, browser, tabs, settled } = await open(t, 12)
    const answers = await settled(Promise.all(tabs.map(({ place }, i) => place(`id${i}`))), 'twelve answers')
    assert.deepEqual(
      answers.map(answer => answer.type === 'execution' && `${answer.clientOrderId} ${answer.execType}`),
      seqs(0, 11).map(i => `id${i} new`),
    )
    await until(browser, () => tabs.every(({ fills }) => fills().length === 12), 'every fill in every tab')
    for (const { fills, view } of tabs) {
      assert.deepEqual(
        [...fills()].sort(),
        seqs(0, 11)
          .map(i => `id${i}`)
          .sort(),
      )
      assert.deepEqual([view.seq, view.orders], [24, []])
    }
    assert.deepEqual([exchange.sockets, exchange.sessionsMade], [1, 1])
    const [leader, ...followers] = tabs
    assert.equal(leader!.channel.state.sharing.role, 'leader')
    assert.ok(followers.every(({ channel }) => channel.state.sharing.role === 'follower'))
  })

  test('refusals, counts and pongs go only to the tab that sent the command', async t => {
    const { tabs, settled } = await open(t, 3)
    const [leader, asker, other] = tabs
    for (const { channel } of [leader!, asker!]) {
      assert.equal((await settled(channel.cancel('none'), 'a cancel')).type, 'cancel.reject')
      assert.equal((await settled(channel.cancelAll(), 'a count')).type, 'ack')
      assert.equal(typeof (await settled(channel.ping(), 'a ping')), 'number')
    }
    const types = (tab: ReturnType<typeof join>) => tab.messages.map(({ type }) => type)
    assert.ok(types(asker!).includes('cancel.reject'))
    assert.deepEqual(types(other!), ['welcome', 'logon.ok', 'account.snapshot'])
  })
})

describe('a tab that opens later', LIMIT, () => {
  test('has open orders oldest first, as the tab before it', async t => {
    const { exchange, browser, tabs, add } = await open(t, 1)
    for (const orderId of ['one', 'two'])
      exchange.event({ type: 'execution', orderId, orderStatus: 'new', lastSize: 0 })
    await until(browser, () => tabs[0]!.view.orders.length === 2, 'both orders')
    const late = await add()
    for (const { view } of [tabs[0]!, late])
      assert.deepEqual(
        view.orders.map(({ orderId }) => orderId),
        ['one', 'two'],
      )
  })

  test('has the margin call of the account, also after it leads', async t => {
    const { exchange, browser, tabs, add } = await open(t, 1)
    exchange.event({ type: 'marginCall', equity: 4, maintenanceMargin: 5, dueTime: 8_000 })
    await until(browser, () => tabs[0]!.view.marginCallDue === 8_000, 'the call')
    const late = await add()
    assert.equal(late.view.marginCallDue, 8_000)
    tabs[0]!.channel.close()
    await until(browser, () => late.channel.state.sharing.role === 'leader', 'the other leads')
    await until(browser, () => late.channel.state.phase === 'ready', 'ready')
    const third = await add()
    assert.deepEqual([late.view.marginCallDue, third.view.marginCallDue], [8_000, 8_000])
  })

  test('gets the account, and later events once', async t => {
    const { exchange, browser, tabs, add, settled } = await open(t, 1)
    await settled(tabs[0]!.place('before'), 'an answer')
    await until(browser, () => tabs[0]!.view.seq === 2, 'the fill')
    const late = await add()
    assert.equal(late.view.seq, 2)
    await settled(late.place('after'), 'an answer')
    await until(browser, () => late.view.seq === 4, 'the fill')
    assert.deepEqual(late.fills(), ['after'])
    const seen = late.messages.flatMap(message => ('seq' in message ? [message.seq] : []))
    assert.deepEqual(seen, [2, 3, 4])
    assert.equal(exchange.said('logon').length, 1)
  })
})

describe('the leader is lost', LIMIT, () => {
  for (const end of ['kill', 'suspend', 'close', 'freeze'] as const) {
    test(`${end} during a command: the order is created once and answered, in the same session`, async t => {
      const { exchange, browser, tabs, settled } = await open(t, 3)
      const [first, second, third] = tabs
      exchange.setAnswers(false)
      const placed = second!.place('mine')
      const canceled = third!.channel.cancel('mine')
      const own = first!.place('own').catch((error: unknown) => error)
      await until(browser, () => exchange.orders.size === 2, 'the orders are made, and unanswered')
      if (end === 'kill') {
        first!.tab.kill()
        first!.channel.close = () => {}
      } else if (end === 'suspend') first!.tab.live('suspend')
      else if (end === 'close') first!.channel.close()
      else first!.tab.freeze()
      exchange.setAnswers(true)
      const answer = await settled(placed, 'the answer comes over the next leader')
      assert.equal(answer.type === 'execution' && answer.clientOrderId, 'mine')
      assert.equal((await settled(canceled, 'the cancel')).type, 'unknown', 'nobody knows, and it is not sent again')
      assert.equal(exchange.orders.size, 2)
      const rest = [second!, third!]
      await until(browser, () => rest.every(({ view }) => view.seq === 4), 'the private stream goes on')
      for (const { fills } of rest) assert.deepEqual(fills().sort(), ['mine', 'own'])
      assert.equal(exchange.sessionsMade, 1)
      assert.equal(exchange.said('logout').length, 0)
      if (end === 'close') assert.equal(((await settled(own, 'own')) as { type: string }).type, 'unknown')
      if (end === 'freeze' || end === 'suspend') {
        if (end === 'freeze') first!.tab.thaw()
        else first!.tab.live('resume')
        const answered = (await settled(own, 'its own order')) as { clientOrderId?: string }
        assert.equal(answered.clientOrderId, 'own')
        await until(browser, () => first!.view.seq === 4, 'its account too')
        assert.deepEqual(first!.fills().sort(), ['mine', 'own'])
        await until(browser, () => exchange.sockets === 1, 'one socket')
        assert.deepEqual([exchange.orders.size, exchange.sessionsMade], [2, 1])
      }
    })
  }

  test('is stale while the leader is silent, and live again with the next leader', async t => {
    const { browser, tabs } = await open(t, 2)
    tabs[0]!.tab.freeze()
    const state = () => tabs[1]!.channel.state
    await until(browser, () => state().silent, 'stale')
    assert.equal(state().freshness, 'stale')
    await until(browser, () => state().sharing.role === 'leader' && state().freshness === 'live', 'live again')
    assert.equal(state().silent, false)
  })

  test('a command that no leader takes in time is never sent', async t => {
    const { exchange, browser, tabs, settled } = await open(t, 2)
    const [first, second] = tabs
    second!.tab.live('hidden')
    first!.tab.freeze()
    const placed = second!.place('late').catch((error: Error) => error)
    second!.tab.clock.advance(15_000)
    first!.tab.clock.advance(15_000)
    first!.tab.thaw()
    const error = (await settled(placed, 'an end')) as Error
    assert.match(error.message, /^timeout: .*never sent/)
    await browser.pass(1_000)
    assert.equal(exchange.orders.size, 0)
  })
})

describe('closing', LIMIT, () => {
  test('keeps the session for the other tabs; the last one logs out', async t => {
    const { exchange, browser, tabs } = await open(t, 2)
    tabs[0]!.channel.close()
    await until(browser, () => tabs[1]!.channel.state.sharing.role === 'leader', 'the other leads')
    await until(browser, () => tabs[1]!.channel.state.phase === 'ready', 'ready')
    assert.equal(exchange.said('logout').length, 0)
    tabs[1]!.channel.close()
    await until(browser, () => exchange.said('logout').length === 1, 'a logout')
    assert.deepEqual([exchange.sessionsMade, browser.channels.length], [1, 0])
    await assert.rejects(tabs[1]!.place('x'), /^ChannelError: closed/)
    assert.deepEqual(
      tabs.map(({ tab }) => tab.clock.timers),
      [0, 0],
    )
  })

  test('without locks each tab has a channel of its own', async t => {
    const exchange = await startTestExchange(t)
    const browser = new FakeBrowser()
    const tabs = [1, 2].map(() => {
      const tab = browser.openTab()
      const openChannel = tab.openChannel.bind(tab)
      const platform = { locks: undefined, isVisible: tab.isVisible, openChannel, watchLifecycle: () => () => {} }
      return join(t, exchange, tab, { platform })
    })
    await until(browser, () => tabs.every(({ channel }) => channel.state.phase === 'ready'), 'ready')
    assert.deepEqual([exchange.sockets, exchange.sessionsMade], [2, 2])
    const answer = await tabs[1]!.place('alone')
    assert.equal(answer.type === 'execution' && answer.execType, 'new')
  })
})
