// Alpaca's bracket and oco orders without an HTTP server: their legs in answers, in lists and in updates, sent again,
// canceled and replaced, on a market that stands still.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bodyOf, openTestAdapter, type TestAdapter } from '../testing/test-adapter.ts'
import { AlpacaAdapter } from './alpaca.ts'

const SYMBOL = 'VELTR'
/** Far below and above the market: only what a test makes trade trades. */
const BRACKET = {
  symbol: SYMBOL,
  side: 'buy',
  type: 'limit',
  qty: '3',
  limit_price: '2',
  time_in_force: 'gtc',
  order_class: 'bracket',
  take_profit: { limit_price: '900' },
  stop_loss: { stop_price: '1.5', limit_price: '1' },
}
const AT_MARKET = { ...BRACKET, type: 'market', limit_price: undefined }
const OCO = { ...BRACKET, side: 'sell', limit_price: undefined, order_class: 'oco' }

interface Shown {
  readonly id: string
  readonly order_class: string
  readonly type: string
  readonly side: string
  readonly status: string
  readonly qty: string
  readonly limit_price: string | null
  readonly stop_price: string | null
  readonly legs: readonly Shown[] | null
}

let app: TestAdapter
let headers: Record<string, string>
before(async () => {
  app = await openTestAdapter(deps => new AlpacaAdapter(deps))
})
after(() => app.close())

/** A new account. */
async function logOn(): Promise<void> {
  const { accountId, token } = await app.accounts.open()
  headers = { 'apca-api-key-id': accountId, 'apca-api-secret-key': token }
}

const ask = (route: string, body?: object) =>
  app.ask(route, { headers, ...(body !== undefined && { bodyText: JSON.stringify(body) }) })

async function place(body: object): Promise<Shown> {
  const answer = await ask('POST /v2/orders', body)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body as Shown
}

const read = async (path: string) => (await ask(`GET /v2/orders${path}`)).body
const list = async (query: string) => (await read(`?${query}`)) as readonly Shown[]
const states = (orders: readonly Shown[]) =>
  orders.map(({ order_class, type, side, status }) => [order_class, type, side, status])
const ids = (orders: readonly Shown[]) => orders.map(({ id }) => id)

describe('a bracket', () => {
  test('has legs that are held, and are live when its entry has filled', async () => {
    await logOn()
    const resting = await place(BRACKET)
    assert.partialDeepStrictEqual(resting, { order_class: 'bracket', status: 'new', limit_price: '2' })
    assert.deepEqual(states(resting.legs!), [
      ['bracket', 'limit', 'sell', 'held'],
      ['bracket', 'stop_limit', 'sell', 'held'],
    ])
    const [profit, loss] = resting.legs!
    assert.partialDeepStrictEqual(profit, { limit_price: '900', stop_price: null, qty: '3', legs: null })
    assert.partialDeepStrictEqual(loss, { limit_price: '1', stop_price: '1.5', qty: '3', legs: null })
    const filled = await place(AT_MARKET)
    assert.equal(filled.status, 'filled')
    assert.deepEqual(
      filled.legs!.map(({ status }) => status),
      ['new', 'new'],
    )
  })

  test('is listed with its legs under it, or each order on its own', async () => {
    await logOn()
    const simple = await place({ ...BRACKET, order_class: 'simple', take_profit: null, stop_loss: null })
    assert.deepEqual([simple.order_class, simple.legs], ['', null])
    const { id, legs } = await place(BRACKET)
    const [profit, loss] = ids(legs!)
    assert.deepEqual(ids(await list('status=open')), [loss, profit, id, simple.id])
    assert.ok((await list('status=open')).every(order => order.legs === null))
    const nested = await list('status=open&nested=true')
    assert.deepEqual(ids(nested), [id, simple.id])
    assert.deepEqual(nested[0]!.legs, legs)
    assert.deepEqual(await list('status=open&nested=True'), nested)
    assert.deepEqual(ids(await list('status=all&nested=true&direction=asc')), [simple.id, id])
    assert.deepEqual(await read(`/${id}?nested=true`), nested[0])
    assert.deepEqual(await read(`/${id}`), { ...nested[0], legs: null })
    assert.equal(((await read(`/${loss}?nested=true`)) as Shown).legs, null)
  })

  test('whose entry has filled is listed by its legs where only what is open is asked for', async () => {
    await logOn()
    const { id, legs } = await place(AT_MARKET)
    const [profit, loss] = ids(legs!)
    assert.deepEqual(ids(await list('status=open&nested=true')), [loss, profit])
    const [closed] = await list('status=closed&nested=true')
    assert.deepEqual([closed!.id, ids(closed!.legs!)], [id, [profit, loss]])
  })

  test('that is sent again is the same, also when it has changed; with other exits it is another one', async () => {
    await logOn()
    const mine = { ...BRACKET, client_order_id: 'mine' }
    const placed = await place(mine)
    assert.deepEqual(await place(mine), placed)
    assert.equal((await list('status=all')).length, 3)
    const [profit] = ids(placed.legs!)
    assert.equal((await ask(`PATCH /v2/orders/${profit}`, { limit_price: '800' })).status, 200)
    assert.equal((await place(mine)).legs![0]!.limit_price, '800')
    for (const change of [
      { take_profit: { limit_price: '800' } },
      { stop_loss: { stop_price: '1.4', limit_price: '1' } },
      { stop_loss: { stop_price: '1.5' } },
      { order_class: 'simple', take_profit: null, stop_loss: null },
      { order_class: 'oco', take_profit: { limit_price: '2' } },
      { limit_price: '2.5' },
    ]) {
      const { status, body } = await ask('POST /v2/orders', { ...mine, ...change })
      assert.deepEqual([status, body], [422, { code: 40_010_001, message: 'client_order_id must be unique' }])
    }
  })

  test('is refused by the exchange as any order is, and again when it is sent again', async () => {
    await logOn()
    const inverse = { ...BRACKET, client_order_id: 'inverse', take_profit: { limit_price: '1.2' } }
    for (let sent = 0; sent < 2; sent++) {
      const answer = await ask('POST /v2/orders', inverse)
      assert.deepEqual([answer.status, bodyOf(answer).code], [422, 42_210_000])
      assert.match(bodyOf(answer).message as string, /take-profit sells above the stop price/)
    }
    assert.deepEqual(await list('status=open'), [])
  })

  test('ends whole when one of its orders is canceled; its legs have one size and their own prices', async () => {
    await logOn()
    const first = await place(BRACKET)
    const patched = await ask(`PATCH /v2/orders/${first.legs![1]!.id}`, { stop_price: '1.6', qty: '3' })
    assert.partialDeepStrictEqual(patched, { status: 200, body: { status: 'held', stop_price: '1.6' } })
    const resized = await ask(`PATCH /v2/orders/${first.legs![1]!.id}`, { qty: '2' })
    assert.deepEqual([resized.status, bodyOf(resized).code], [422, 42_210_000])
    for (const which of ['parent', 'leg'] as const) {
      const { id, legs } = which === 'parent' ? first : await place(BRACKET)
      const canceled = which === 'parent' ? id : legs![0]!.id
      assert.equal((await ask(`DELETE /v2/orders/${canceled}`)).status, 204)
      const ended = (await read(`/${id}?nested=true`)) as Shown
      assert.ok([ended, ...ended.legs!].every(({ status }) => status === 'canceled'))
      assert.equal(ended.legs!.length, 2)
    }
  })
})

describe('an oco', () => {
  test('is a take-profit with one leg, and both stand for the same shares', async () => {
    await logOn()
    await place({ ...AT_MARKET, order_class: '', take_profit: undefined, stop_loss: undefined })
    const oco = await place(OCO)
    assert.partialDeepStrictEqual(oco, { order_class: 'oco', type: 'limit', limit_price: '900', status: 'new' })
    assert.deepEqual(states(oco.legs!), [['oco', 'stop_limit', 'sell', 'new']])
    assert.deepEqual(ids(await list('status=open&nested=true')), [oco.id])
    // Its new price is below the market: it fills.
    assert.equal((await ask(`PATCH /v2/orders/${oco.id}`, { limit_price: '2' })).status, 200)
    const ended = (await read(`/${oco.id}?nested=true`)) as Shown
    assert.deepEqual([ended.status, ended.legs![0]!.status], ['filled', 'canceled'])
  })
})

/** @returns the updates so far. */
async function listen() {
  const { socket, messages } = app.connect('/stream', { headers })
  await app.settled()
  socket.receive(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }))
  await app.pass(20)
  return { socket, updates: () => messages().slice(2) as { data: { event: string; order: Shown } }[] }
}

test('updates have what a take-profit that fills in part takes off its stop-loss', async () => {
  await logOn()
  const quote = async () => {
    const { quote } = bodyOf(await ask(`GET /v2/stocks/${SYMBOL}/quotes/latest`))
    return quote as { readonly bp: number; readonly bs: number }
  }
  // More than what is bid for, hidden sizes too.
  const qty = (await quote()).bs + 1_000
  const bought = await place({ ...AT_MARKET, qty, order_class: '', take_profit: undefined, stop_loss: undefined })
  assert.equal(bought.status, 'filled')
  const { socket, updates } = await listen()
  const oco = await place({ ...OCO, qty, take_profit: { limit_price: (await quote()).bp } })
  assert.equal(oco.status, 'partially_filled')
  await app.pass(20)
  const [loss] = oco.legs!
  const reduced = updates().filter(({ data: { event, order } }) => event === 'replaced' && order.id === loss!.id)
  assert.equal(reduced.at(-1)!.data.order.qty, loss!.qty)
  assert.ok(Number(loss!.qty) < qty)
  socket.release()
})

test('updates have each leg when it is live, and what ends it', async () => {
  await logOn()
  const { socket, updates } = await listen()
  const resting = await place(BRACKET)
  await ask(`DELETE /v2/orders/${resting.id}`)
  const filled = await place(AT_MARKET)
  await ask(`PATCH /v2/orders/${filled.legs![0]!.id}`, { limit_price: '2' })
  await app.pass(20)
  const of = (list: Shown) => {
    const names = { [list.id]: 'entry', [list.legs![0]!.id]: 'profit', [list.legs![1]!.id]: 'loss' }
    return updates().flatMap(({ data: { event, order } }) =>
      order.id in names ? [`${names[order.id]} ${event} ${order.status}`] : [],
    )
  }
  assert.deepEqual(of(resting), [
    'entry new new',
    'entry canceled canceled',
    'profit canceled canceled',
    'loss canceled canceled',
  ])
  assert.deepEqual(of(filled), [
    'entry new new',
    'entry fill filled',
    'loss new new',
    'profit new new',
    'profit replaced new',
    'profit fill filled',
    'loss canceled canceled',
  ])
  assert.ok(updates().every(({ data: { order } }) => order.order_class === 'bracket' && order.legs === null))
  socket.release()
})
