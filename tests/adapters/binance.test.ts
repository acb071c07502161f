// A client of Binance's spot API (`binance` on npm) against a real server: market data, a book kept by Binance's own
// procedure, orders and user data, what is refused, and a server that is killed. No request can leave loopback: the
// addresses are replaced, and the client's HTTPS agent opens no connection.

import assert from 'node:assert/strict'
import https from 'node:https'
import { after, before, describe, test } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { MainClient, WebsocketAPIClient, WebsocketClient, WS_KEY_MAP } from 'binance'
import { operate, untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SYMBOL = 'VELTR'
const PAIR = 'VELTRUSD'
const STREAM = 'veltrusd'
const RECONNECT_MAX_MS = 60_000
const SILENT = { trace() {}, info() {}, error() {} }

const noHttps = new https.Agent()
Object.assign(noHttps, {
  createConnection() {
    throw new Error('a request would leave loopback')
  },
})
const requestOptions = { httpsAgent: noHttps }

type StreamMessage = Record<string, unknown> & { readonly e?: string; readonly streamName?: string }

/** What the client keeps to itself. */
interface ManagedStreams {
  readonly userDataStreamManager: { teardownUserDataListenKey(listenKey: string): void }
}

interface TestTrader {
  readonly rest: MainClient
  readonly streams: WebsocketClient
  readonly messages: StreamMessage[]
  /** Ends its timers too, which would keep the process. */
  close(): Promise<void>
  /** The first message that fits, of those that have come or will come. */
  until(fits: (message: StreamMessage) => boolean, what: string, limitMs?: number): Promise<StreamMessage>
}

async function openTrader({ url }: Pick<RunningServer, 'url'>): Promise<TestTrader> {
  const { token } = (await call(url, 'POST /v1/accounts')).body
  const baseUrl = `${url}/binance`
  const keys = { api_key: token, api_secret: token }
  const rest = new MainClient({ ...keys, baseUrl }, requestOptions)
  const wsUrl = baseUrl.replace('http', 'ws')
  const options = { ...keys, wsUrl, restOptions: { baseUrl }, requestOptions, beautify: false, reconnectTimeout: 200 }
  const streams = new WebsocketClient(options, SILENT)
  const messages: StreamMessage[] = []
  let wake = () => {}
  streams.on('message', message => {
    messages.push(message as unknown as StreamMessage)
    wake()
  })
  streams.on('exception', () => {})
  return {
    rest,
    streams,
    messages,
    async close() {
      const { listenKey } = await rest.getSpotUserDataListenKey()
      const { userDataStreamManager: manager } = streams as unknown as ManagedStreams
      manager.teardownUserDataListenKey(listenKey)
      streams.closeAll(true)
    },
    async until(fits, what, limitMs) {
      for (;;) {
        const found = messages.find(fits)
        if (found !== undefined) return found
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await within(promise, what, limitMs)
      }
    },
  }
}

const isReport = (type: string, orderId: number) => (message: StreamMessage) =>
  message.e === 'executionReport' && message.x === type && message.i === orderId

describe("Binance's client", () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2', '--fee-taker', '10'] })
    await untilTrading(server.url, SYMBOL)
  })
  after(() => server.dispose())

  test('reads the service, its symbols and their data', async () => {
    const { rest } = await openTrader(server)
    assert.deepEqual(await rest.testConnectivity(), {})
    const { symbols } = await rest.getExchangeInfo()
    assert.deepEqual(
      symbols.map(({ symbol, baseAsset, quoteAsset, status }) => [symbol, baseAsset, quoteAsset, status]),
      [
        [PAIR, SYMBOL, 'USD', 'TRADING'],
        ['NIMBRUSD', 'NIMBR', 'USD', 'TRADING'],
      ],
    )
    const [trade] = await rest.getRecentTrades({ symbol: PAIR, limit: 1 })
    const trades = (await call(server.url, `GET /v1/instruments/${SYMBOL}/trades`)).body.trades
    const own = trades.find((one: { tradeId: number }) => one.tradeId === trade!.id)
    assert.deepEqual([Number(trade!.price), Number(trade!.qty), trade!.time], [own.price, own.size, own.time])
    const [kline] = await rest.getKlines({ symbol: PAIR, interval: '1m', limit: 1_000 })
    const [candle] = (await call(server.url, `GET /v1/instruments/${SYMBOL}/candles`)).body.candles
    assert.deepEqual([kline![0], Number(kline![1])], [candle.time, candle.open])
    const day = await rest.get24hrChangeStatistics({ symbol: PAIR })
    assert.partialDeepStrictEqual(day, { symbol: PAIR, openPrice: Number(kline![1]).toFixed(8) })
    const ticker = await rest.getSymbolOrderBookTicker({ symbol: PAIR })
    const { bidPrice, askPrice } = ticker as { bidPrice: string; askPrice: string }
    assert.ok(Number(bidPrice) < Number(askPrice))
  })

  test('keeps a book of snapshot and updates by the procedure that Binance documents', async test => {
    const { rest, streams, messages, until, close } = await openTrader(server)
    test.after(close)
    const isUpdate = ({ e }: StreamMessage) => e === 'depthUpdate'
    streams.subscribe([`${STREAM}@depth@100ms`], 'main')
    const first = await until(isUpdate, 'the first update')
    let snapshot = await rest.getOrderBook({ symbol: PAIR, limit: 5_000 })
    while (snapshot.lastUpdateId < (first.U as number))
      snapshot = await rest.getOrderBook({ symbol: PAIR, limit: 5_000 })
    const updates = () => messages.filter(isUpdate)
    await until(() => updates().length >= 30, 'more updates', 60_000)

    await operate(server, { pace: '0' })
    const end = await rest.getOrderBook({ symbol: PAIR, limit: 5_000 })
    const lastOf = async () => (await call(server.url, `GET /v1/instruments/${SYMBOL}/book?depth=1000`)).body
    const { bids, asks } = await lastOf()
    const book = { b: new Map<string, string>(), a: new Map<string, string>() }
    for (const [price, size] of snapshot.bids) book.b.set(String(price), String(size))
    for (const [price, size] of snapshot.asks) book.a.set(String(price), String(size))
    const sides = (side: Map<string, string>, direction: 1 | -1) =>
      [...side].map(([price, size]) => [Number(price), Number(size)]).sort(([x], [y]) => direction * (x! - y!))
    const wanted = (levels: readonly (readonly unknown[])[]) =>
      levels.map(([price, size]) => [Number(price), Number(size)])
    let updateId = snapshot.lastUpdateId
    let applied = 0
    const apply = () => {
      for (const message of updates().slice(applied)) {
        applied++
        const { U, u } = message as { U: number; u: number }
        if (u <= updateId) continue
        assert.ok(U <= updateId + 1, `an update from ${U} follows ${updateId}`)
        for (const side of ['b', 'a'] as const) {
          for (const [price, size] of message[side] as [string, string][]) {
            if (Number(size) === 0) book[side].delete(price)
            else book[side].set(price, size)
          }
        }
        updateId = u
      }
    }
    // The last update may be of one side alone.
    const isBehind = () =>
      JSON.stringify([sides(book.b, -1), sides(book.a, 1)]) !== JSON.stringify([wanted(bids), wanted(asks)])
    for (apply(); isBehind(); apply()) await until(() => updates().length > applied, 'the last update')
    assert.deepEqual([sides(book.b, -1), sides(book.a, 1)], [wanted(bids), wanted(asks)])
    assert.deepEqual([wanted(end.bids), wanted(end.asks)], [wanted(bids), wanted(asks)])
    assert.ok(applied >= 30)
    await operate(server, { pace: '1x' })
  })

  test('trades, and finds each order in its user data, its balances and its trades', async test => {
    const { rest, streams, messages, until, close } = await openTrader(server)
    test.after(close)
    await streams.subscribeSpotUserDataStream()
    const market = { symbol: PAIR, side: 'BUY', type: 'MARKET', quantity: 10 } as const
    const bought = (await rest.submitNewOrder({ ...market })) as unknown as Record<string, unknown>
    const fills = bought.fills as { price: string; qty: string; commission: string }[]
    assert.partialDeepStrictEqual(bought, { status: 'FILLED', executedQty: '10.00000000', symbol: PAIR })
    const worth = fills.reduce((sum, { price, qty }) => sum + Number(price) * Number(qty), 0)
    const fee = fills.reduce((sum, { commission }) => sum + Number(commission), 0)
    assert.ok(Math.abs(fee - worth / 1_000) < 0.01)
    await until(isReport('NEW', bought.orderId as number), 'the order')
    await until(message => isReport('TRADE', bought.orderId as number)(message) && message.X === 'FILLED', 'the fill')
    await until(({ e }) => e === 'outboundAccountPosition', 'the balances')
    const { balances, takerCommission } = await rest.getAccountInformation()
    assert.equal(takerCommission, 10)
    assert.deepEqual(
      balances.map(({ asset }) => asset),
      ['USD', SYMBOL],
    )
    assert.ok(Math.abs(Number(balances[0]!.free) - (1_000_000 - worth - fee)) < 0.001)

    const limit = { symbol: PAIR, side: 'BUY', type: 'LIMIT', quantity: 5, price: 1, timeInForce: 'GTC' } as const
    const [one, two, three] = Array.from({ length: 3 }, () => rest.generateNewOrderId())
    const placed = await rest.submitNewOrder({ ...limit, newClientOrderId: one! })
    const again = await rest.submitNewOrder({ ...limit, newClientOrderId: one! })
    assert.deepEqual(again, placed, 'sent again it is the same order')
    const another = rest.submitNewOrder({ ...limit, quantity: 4, newClientOrderId: one! })
    await assert.rejects(another, { code: -2010, message: 'Duplicate order sent.' })
    const replaced = await rest.replaceOrder({
      ...{ ...limit, quantity: 6, cancelReplaceMode: 'STOP_ON_FAILURE' },
      ...{ cancelOrigClientOrderId: one!, newClientOrderId: two! },
    })
    assert.partialDeepStrictEqual(replaced, { cancelResult: 'SUCCESS', newOrderResult: 'SUCCESS' })
    await until(isReport('CANCELED', (placed as { orderId: number }).orderId), 'the cancel')
    const failed = rest.replaceOrder({
      ...{ ...limit, cancelReplaceMode: 'ALLOW_FAILURE' },
      ...{ cancelOrigClientOrderId: one!, newClientOrderId: three! },
    })
    await assert.rejects(failed, { code: -2021, message: 'Order cancel-replace partially failed.' })
    const open = await rest.getOpenOrders({ symbol: PAIR })
    assert.deepEqual(open.map(({ clientOrderId }) => clientOrderId).sort(), [two, three].sort())
    const canceled = await rest.cancelOrder({ symbol: PAIR, origClientOrderId: two! })
    assert.partialDeepStrictEqual(canceled, { status: 'CANCELED', origClientOrderId: two })
    assert.equal((await rest.getOrder({ symbol: PAIR, origClientOrderId: two! })).status, 'CANCELED')

    const sold = await rest.submitNewOrder({ ...market, side: 'SELL' })
    assert.partialDeepStrictEqual(sold, { status: 'FILLED' })
    const own = await rest.getAccountTradeList({ symbol: PAIR })
    const held = own.reduce((sum, { qty, isBuyer }) => sum + (isBuyer ? Number(qty) : -Number(qty)), 0)
    assert.equal(held, 0)
    assert.ok(messages.every(({ e }) => e !== 'listenKeyExpired'))
  })

  test('trades over the WebSocket API too, with its user data on the same connection', async test => {
    const { token } = (await call(server.url, 'POST /v1/accounts')).body
    const wsUrl = `${server.url.replace('http', 'ws')}/binance`
    const keys = { api_key: token, api_secret: token }
    const options = { ...keys, wsUrl, requestOptions, beautify: false, attachEventListeners: false }
    const api = new WebsocketAPIClient(options, SILENT)
    test.after(() => api.disconnectAll())
    const reports: StreamMessage[] = []
    let wake = () => {}
    api.getWSClient().on('message', message => {
      reports.push(message as unknown as StreamMessage)
      wake()
    })
    await api.subscribeUserDataStream(WS_KEY_MAP.mainWSAPI)
    const order = { symbol: PAIR, side: 'BUY', type: 'LIMIT', quantity: 2, price: 1, timeInForce: 'GTC' } as const
    // Its types have no timestamp, which each signed request must have.
    const timed = () => ({ timestamp: Date.now() })
    const { result } = await api.submitNewSpotOrder({ ...order, ...timed() })
    const { orderId } = result as { orderId: number }
    while (!reports.some(isReport('NEW', orderId))) {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await within(promise, 'the order')
    }
    const balance = { code: -2010, msg: 'Account has insufficient balance for requested action.' }
    const tooLarge = { ...order, quantity: 90_000, price: 180, ...timed() }
    await assert.rejects(api.submitNewSpotOrder(tooLarge), error => {
      assert.partialDeepStrictEqual(error, { error: balance })
      return true
    })
    const open = await api.getSpotOpenOrders({ symbol: PAIR, ...timed() })
    assert.deepEqual(
      (open.result as { orderId: number }[]).map(one => one.orderId),
      [orderId],
    )
  })

  test('is refused in the form that it knows', async () => {
    const { rest } = await openTrader(server)
    const limit = { symbol: PAIR, side: 'BUY', type: 'LIMIT', quantity: 1, price: 1, timeInForce: 'GTC' } as const
    const refused = (work: Promise<unknown>, code: number, message: string) => assert.rejects(work, { code, message })
    await refused(rest.getOrderBook({ symbol: 'NOPEUSD' }), -1121, 'Invalid symbol.')
    await refused(rest.getOrderBook({ symbol: SYMBOL }), -1121, 'Invalid symbol.')
    await refused(rest.submitNewOrder({ ...limit, price: 1.001 }), -1013, 'Filter failure: PRICE_FILTER')
    await refused(rest.submitNewOrder({ ...limit, quantity: 0.5 }), -1013, 'Filter failure: LOT_SIZE')
    const balance = 'Account has insufficient balance for requested action.'
    await refused(rest.submitNewOrder({ ...limit, quantity: 90_000, price: 180 }), -2010, balance)
    await refused(rest.submitNewOrder({ ...limit, side: 'SELL', price: 300 }), -2010, balance)
    await refused(rest.cancelOrder({ symbol: PAIR, orderId: 99_999 }), -2011, 'Unknown order sent.')
    await refused(rest.getOrder({ symbol: PAIR, orderId: 99_999 }), -2013, 'Order does not exist.')
    const baseUrl = `${server.url}/binance`
    const withKeys = (api_key: string, api_secret: string) =>
      new MainClient({ api_key, api_secret, baseUrl }, requestOptions).getAccountInformation()
    await refused(withKeys('x', 'x'), -2015, 'Invalid API-key, IP, or permissions for action.')
    const { token } = (await call(server.url, 'POST /v1/accounts')).body
    await refused(withKeys(token, 'x'), -1022, 'Signature for this request is not valid.')
    await assert.rejects(rest.getAvgPrice({ symbol: PAIR }), { code: -1020 })
  })
})

test("Binance's client returns to a server that was killed: streams, user data, orders", async test => {
  const server = await startServer({ flags: ['--symbols', '1', '--pace', '10x'] })
  let close = async () => {}
  test.after(async () => {
    await close().catch(() => {})
    await server.dispose()
  })
  await untilTrading(server.url, SYMBOL)
  const trader = await openTrader(server)
  const { rest, streams, messages, until } = trader
  close = trader.close
  const names = [`${STREAM}@trade`, `${STREAM}@bookTicker`, `${STREAM}@depth5`, `${STREAM}@kline_1m`]
  const seesAll = async () => {
    for (const name of names) await until(({ streamName }) => streamName === name, name, RECONNECT_MAX_MS)
  }
  streams.subscribe(names, 'main')
  await streams.subscribeSpotUserDataStream()
  await seesAll()
  const newClientOrderId = rest.generateNewOrderId()
  const order = {
    symbol: PAIR,
    side: 'BUY',
    type: 'LIMIT',
    quantity: 3,
    price: 1,
    timeInForce: 'GTC',
    newClientOrderId,
  } as const
  const placed = (await rest.submitNewOrder(order)) as { orderId: number }
  await until(isReport('NEW', placed.orderId), 'the order')

  await server.kill('SIGKILL')
  const bothBack = new Promise<void>(resolve => {
    let back = 0
    streams.on('reconnected', () => {
      if (++back === 2) resolve()
    })
  })
  await server.restart()
  await within(bothBack, 'both connections', RECONNECT_MAX_MS)
  messages.length = 0
  await seesAll()
  assert.deepEqual(await rest.submitNewOrder(order), placed, 'the answer that may have been lost: one order')
  assert.equal((await rest.getOpenOrders()).length, 1)
  await rest.cancelOrder({ symbol: PAIR, orderId: placed.orderId })
  await until(isReport('CANCELED', placed.orderId), 'the cancel', RECONNECT_MAX_MS)
})
