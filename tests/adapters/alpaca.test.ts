// Alpaca's own client against a real server: market data, orders and their updates over REST and both streams, what is
// refused, and a server that is killed. The client's addresses are replaced: every request goes to loopback.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  Alpaca,
  AuthError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  TimeFrame,
  ValidationError,
} from '@alpacahq/alpaca-trade-api'
import { within } from '@papertape/protocol/testing/within'
import { untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SYMBOL = 'VELTR'
const RECONNECT_MAX_MS = 60_000

interface TestClient {
  readonly alpaca: Alpaca
  readonly tradeUrl: string
  readonly dataUrl: string
}

async function openClient({ url }: Pick<RunningServer, 'url'>): Promise<TestClient> {
  const { accountId, token } = (await call(url, 'POST /v1/accounts')).body
  return clientOf(url, accountId, token)
}

function clientOf(url: string, keyId: string, secret: string): TestClient {
  const base = `${url}/alpaca`
  const fetchApi: typeof fetch = (asked, init) => {
    const { pathname, search } = new URL(String(asked))
    return fetch(`${base}${pathname}${search}`, init)
  }
  const alpaca = new Alpaca({ keyId, secret, fetchApi, rateLimit: false, retry: false, timeoutMs: 0 })
  const socketBase = base.replace('http', 'ws')
  return { alpaca, tradeUrl: `${socketBase}/stream`, dataUrl: `${socketBase}/stream/v2/iex` }
}

/** Prices for the exits of a list, too far from the market to be reached during a test. */
async function exits({ alpaca }: TestClient) {
  const { ap, bp } = (await alpaca.marketData.stocks.stockSnapshotSingle({ symbol: SYMBOL })).latestQuote!
  return { bid: bp, above: String(Math.round(ap * 103) / 100), below: String(Math.round(bp * 97) / 100) }
}

type TradeUpdate = { readonly event: string; readonly order: { readonly id?: string; readonly status?: string } }

/** The updates of an account, read one after the other. */
async function listen({ alpaca, tradeUrl }: TestClient) {
  const stream = alpaca.trading.stream({ url: tradeUrl })
  const updates: (TradeUpdate & Record<string, unknown>)[] = []
  let wake = () => {}
  stream.onTradeUpdate(update => {
    updates.push(update as unknown as TradeUpdate & Record<string, unknown>)
    wake()
  })
  const listening = new Promise(resolve => stream.on('subscription', resolve))
  stream.subscribeTradeUpdates()
  stream.connect()
  await within(listening, 'the stream of updates')
  return {
    stream,
    updates,
    async until(event: string, orderId: string | undefined) {
      for (;;) {
        const found = updates.find(update => update.event === event && update.order.id === orderId)
        if (found !== undefined) return found
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await within(promise, `${event} of ${orderId}`)
      }
    },
  }
}

describe("Alpaca's client", () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    await untilTrading(server.url, SYMBOL)
  })
  after(() => server.dispose())

  test('reads the account, the market and its data', async () => {
    const { alpaca } = await openClient(server)
    const check = await alpaca.trading.validateConnection()
    assert.ok(check.ok)
    assert.partialDeepStrictEqual(check.account, { status: 'ACTIVE', cash: '1000000', equity: '1000000' })
    const clock = await alpaca.trading.clock.legacyClock()
    assert.equal(clock.isOpen, true)
    assert.ok(clock.nextClose > clock.timestamp)
    const assets = await alpaca.trading.assets.getV2Assets()
    assert.deepEqual(
      assets.map(({ symbol }) => symbol),
      [SYMBOL, 'NIMBR'],
    )
    const [asset] = assets
    assert.deepEqual(await alpaca.trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: asset!.id }), asset)

    const { latestTrade, latestQuote } = await alpaca.marketData.stocks.stockSnapshotSingle({ symbol: SYMBOL })
    assert.ok(latestQuote!.bp < latestQuote!.ap)
    const trades = (await call(server.url, `GET /v1/instruments/${SYMBOL}/trades?limit=1000`)).body.trades
    const same = trades.find((trade: { tradeId: number }) => trade.tradeId === latestTrade!.i)
    assert.deepEqual([latestTrade!.p, latestTrade!.s, latestTrade!.t.getTime()], [same.price, same.size, same.time])
    const start = new Date(clock.timestamp.getTime() - 3_600_000)
    const bars = await alpaca.marketData.getStockBars({
      symbols: [SYMBOL, 'NIMBR'],
      timeframe: TimeFrame.Minute,
      start,
    })
    const own = (await call(server.url, `GET /v1/instruments/${SYMBOL}/candles`)).body.candles
    const first = bars[SYMBOL]![0]!
    assert.deepEqual([first.open, first.high, first.low], [own[0].open, own[0].high, own[0].low])
  })

  test('places, replaces and cancels an order, each with its update', async () => {
    const client = await openClient(server)
    const { orders } = client.alpaca.trading
    const { stream, until } = await listen(client)
    const placed = await orders.limit({ symbol: SYMBOL, qty: 5, side: 'buy', limitPrice: 1, clientOrderId: 'mine-1' })
    assert.partialDeepStrictEqual(placed, { status: 'new', qty: '5', limitPrice: '1', timeInForce: 'day' })
    assert.match(placed.id!, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    await until('new', placed.id)
    const again = await orders.limit({ symbol: SYMBOL, qty: 5, side: 'buy', limitPrice: 1, clientOrderId: 'mine-1' })
    assert.deepEqual(again, placed, 'sent again it is the same order')
    const another = orders.limit({ symbol: SYMBOL, qty: 6, side: 'buy', limitPrice: 1, clientOrderId: 'mine-1' })
    await assert.rejects(another, { code: 40_010_001, message: 'client_order_id must be unique' })

    const patchOrderRequest = { qty: '7', limitPrice: '1.5', clientOrderId: 'mine-2' }
    const replaced = await orders.patchOrderByOrderId({ orderId: placed.id!, patchOrderRequest })
    assert.partialDeepStrictEqual(replaced, { id: placed.id, qty: '7', limitPrice: '1.5', clientOrderId: 'mine-2' })
    await until('replaced', placed.id)
    for (const clientOrderId of ['mine-1', 'mine-2']) {
      assert.equal((await orders.getOrderByClientOrderId({ clientOrderId })).id, placed.id)
    }
    assert.deepEqual(
      (await orders.getAllOrders({ status: 'open', symbols: [SYMBOL] })).map(({ id }) => id),
      [placed.id],
    )

    await orders.deleteOrderByOrderID({ orderId: placed.id! })
    const { order } = await until('canceled', placed.id)
    assert.equal(order.status, 'canceled')
    const [closed] = await orders.getAllOrders({ status: 'closed' })
    assert.partialDeepStrictEqual(closed, { id: placed.id, status: 'canceled', filledQty: '0' })
    assert.ok(closed!.canceledAt! >= placed.createdAt!)
    stream.disconnect()
  })

  test('is filled, and finds the fill in its position, its activities and its account', async () => {
    const client = await openClient(server)
    const { trading } = client.alpaca
    const { stream, updates } = await listen(client)
    const buy = { symbol: SYMBOL, qty: 10, side: 'buy', type: 'market', timeInForce: 'day' } as const
    const filled = await trading.submitAndWait(buy, { stream })
    assert.partialDeepStrictEqual(filled, { status: 'filled', filledQty: '10' })
    const fills = updates.filter(({ event }) => /fill/.test(event))
    assert.equal(fills.at(-1)!.positionQty, '10')
    assert.equal(
      fills.reduce((sum, { qty }) => sum + Number(qty), 0),
      10,
    )

    const position = await trading.positions.getOpenPosition({ symbolOrAssetId: SYMBOL })
    assert.partialDeepStrictEqual(position, { qty: '10', side: 'long', avgEntryPrice: filled.filledAvgPrice })
    const { cash } = await trading.account.getAccount()
    assert.equal(Number(cash), 1_000_000 - 10 * Number(filled.filledAvgPrice))
    const [closing] = (await trading.closeAllPositions()) as { body?: { id?: string } }[]
    assert.ok(closing!.body!.id)
    const activities = await trading.collectActivities({ activityTypes: ['FILL'], pageSize: 1 })
    const sizes = activities.map(activity => {
      const { qty, side } = activity as { qty: string; side: string }
      return side === 'buy' ? Number(qty) : -Number(qty)
    })
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      0,
      'bought and sold, one page for each fill',
    )
    assert.deepEqual(await trading.positions.getAllOpenPositions(), [])
    stream.disconnect()
  })

  test('places a bracket, whose legs start when its entry has filled', async test => {
    const client = await openClient(server)
    const { orders } = client.alpaca.trading
    const { stream, until } = await listen(client)
    test.after(() => stream.disconnect())
    const { bid, above, below } = await exits(client)
    const asked = {
      symbol: SYMBOL,
      qty: 5,
      side: 'buy',
      limitPrice: 1,
      timeInForce: 'gtc',
      clientOrderId: 'list-1',
      takeProfit: { limitPrice: above },
      stopLoss: { stopPrice: below },
    } as const
    const placed = await orders.bracket(asked)
    assert.partialDeepStrictEqual(placed, { status: 'new', orderClass: 'bracket', limitPrice: '1' })
    const [profit, loss] = placed.legs!
    assert.partialDeepStrictEqual(profit, { status: 'held', side: 'sell', type: 'limit', limitPrice: above })
    assert.partialDeepStrictEqual(loss, { status: 'held', side: 'sell', type: 'stop', stopPrice: below })
    assert.deepEqual(await orders.bracket(asked), placed, 'sent again it is the same list')
    const another = orders.bracket({ ...asked, stopLoss: { stopPrice: below, limitPrice: 1 } })
    await assert.rejects(another, { code: 40_010_001, message: 'client_order_id must be unique' })
    assert.deepEqual(await orders.getAllOrders({ nested: true }), [placed])
    assert.deepEqual(
      (await orders.getAllOrders()).map(({ id, legs }) => [id, legs]),
      [loss!.id, profit!.id, placed.id].map(id => [id, undefined]),
    )

    await orders.patchOrderByOrderId({ orderId: placed.id!, patchOrderRequest: { limitPrice: above } })
    await until('fill', placed.id)
    for (const { id } of [profit!, loss!]) assert.equal((await until('new', id)).order.status, 'new')
    const patchOrderRequest = { limitPrice: (bid * 0.99).toFixed(2) }
    await orders.patchOrderByOrderId({ orderId: profit!.id!, patchOrderRequest })
    await until('fill', profit!.id)
    await until('canceled', loss!.id)
    const { status, legs } = await orders.getOrderByOrderID({ orderId: placed.id!, nested: true })
    assert.deepEqual([status, ...legs!.map(leg => leg.status)], ['filled', 'filled', 'canceled'])
    assert.deepEqual(await client.alpaca.trading.positions.getAllOpenPositions(), [])
  })

  test('places an oco, which ends when one of its orders is canceled', async test => {
    const client = await openClient(server)
    const { orders } = client.alpaca.trading
    const { stream, until } = await listen(client)
    test.after(() => stream.disconnect())
    const { above, below } = await exits(client)
    const bought = await orders.market({ symbol: SYMBOL, qty: 5, side: 'buy' })
    await until('fill', bought.id)
    const oco = { symbol: SYMBOL, qty: 5, side: 'sell', takeProfit: { limitPrice: above } } as const
    const placed = await orders.oco({ ...oco, stopLoss: { stopPrice: below, limitPrice: 1 } })
    assert.partialDeepStrictEqual(placed, { orderClass: 'oco', type: 'limit', limitPrice: above, status: 'new' })
    const [loss, ...others] = placed.legs!
    assert.partialDeepStrictEqual(loss, { orderClass: 'oco', type: 'stop_limit', stopPrice: below, limitPrice: '1' })
    assert.equal(others.length, 0)
    await assert.rejects(orders.oco({ ...oco, stopLoss: { stopPrice: below } }), PermissionError)
    await orders.deleteOrderByOrderID({ orderId: loss!.id! })
    await until('canceled', placed.id)
    assert.deepEqual(await orders.getAllOrders({ nested: true }), [])
  })

  test('is refused in the form that it knows', async () => {
    const { alpaca } = await openClient(server)
    const { orders } = alpaca.trading
    const limit = { symbol: SYMBOL, qty: 1, side: 'buy', limitPrice: 1 } as const
    await assert.rejects(clientOf(server.url, 'nobody', 'pt_wrong').alpaca.trading.account.getAccount(), AuthError)
    await assert.rejects(orders.oto({ ...limit, takeProfit: { limitPrice: 9 } }), (error: unknown) => {
      assert.ok(error instanceof ValidationError)
      assert.deepEqual([error.status, error.code], [422, 42_210_000])
      assert.match(error.message, /oto orders are not offered/)
      return true
    })
    const bracket = { ...limit, takeProfit: { limitPrice: 9 }, stopLoss: { stopPrice: 9.5 } }
    await assert.rejects(orders.bracket(bracket), { code: 42_210_000, message: /take-profit sells above the stop/ })
    await assert.rejects(orders.bracket({ ...bracket, timeInForce: 'ioc' }), /bracket orders must be day or gtc/)
    await assert.rejects(
      orders.submit({ ...limit, type: 'limit', orderClass: 'bracket', takeProfit: { limitPrice: 9 } }),
      /bracket orders require stop_loss.stop_price/,
    )
    await assert.rejects(orders.limit({ ...limit, symbol: 'NOPE' }), { status: 422, message: 'asset "NOPE" not found' })
    await assert.rejects(orders.limit({ ...limit, qty: 0.5 }), /fractional quantities are not offered/)
    await assert.rejects(orders.limit({ ...limit, limitPrice: 1.001 }), /off the tick grid/)
    await assert.rejects(orders.limit({ ...limit, qty: 90_000, limitPrice: 180 }), (error: unknown) => {
      assert.ok(error instanceof PermissionError)
      assert.deepEqual([error.code, error.message], [40_310_000, 'insufficient buying power'])
      return true
    })
    await assert.rejects(
      orders.deleteOrderByOrderID({ orderId: '00000000-0000-0000-0000-000000099999' }),
      NotFoundError,
    )
    await assert.rejects(alpaca.trading.watchlists.getWatchlists(), NotFoundError)
    await assert.rejects(alpaca.marketData.getLatestPrice('NOPE'), { status: 400, message: 'invalid symbol: NOPE' })
  })
})

describe("Alpaca's client", () => {
  test('is refused over the rate of commands, which it shares with the own API', async test => {
    const server = await startServer({
      flags: ['--symbols', '1', '--commands-per-second', '1', '--command-burst', '2'],
    })
    test.after(() => server.dispose())
    const { alpaca } = await openClient(server)
    const place = () => alpaca.trading.orders.limit({ symbol: SYMBOL, qty: 1, side: 'buy', limitPrice: 1 })
    await assert.rejects(Promise.all([place(), place(), place()]), (error: unknown) => {
      assert.ok(error instanceof RateLimitError)
      assert.equal(error.rateLimit?.limit, 2)
      assert.ok(error.retryAfterMs! > 0)
      return true
    })
  })

  test('returns to a server that was killed: streams, subscriptions, orders', async test => {
    const server = await startServer({ flags: ['--symbols', '2', '--pace', '10x'] })
    test.after(() => server.dispose())
    await untilTrading(server.url, SYMBOL)
    const client = await openClient(server)
    const { alpaca, dataUrl } = client
    const { stream, until } = await listen(client)
    const data = alpaca.marketData.stockStream({ url: dataUrl })
    test.after(() => {
      stream.disconnect()
      data.disconnect()
    })
    const seen: string[] = []
    let onMessage = () => {}
    data.onTrade(({ symbol }) => seen.push(`trade ${symbol}`) && onMessage())
    data.onQuote(({ symbol }) => seen.push(`quote ${symbol}`) && onMessage())
    const sees = async (...wanted: string[]) => {
      while (!wanted.every(one => seen.includes(one))) {
        const { promise, resolve } = Promise.withResolvers<void>()
        onMessage = resolve
        await within(promise, wanted.join(), RECONNECT_MAX_MS)
      }
    }
    data.onConnect(() => {
      data.subscribeForTrades([SYMBOL])
      data.subscribeForQuotes(['*'])
    })
    data.connect()
    await sees(`trade ${SYMBOL}`, `quote ${SYMBOL}`, 'quote NIMBR')
    assert.ok(!seen.includes('trade NIMBR'), 'only what was subscribed to')
    const { orders } = alpaca.trading
    const order = {
      symbol: SYMBOL,
      qty: 3,
      side: 'buy',
      limitPrice: 1,
      timeInForce: 'gtc',
      clientOrderId: 'keep',
    } as const
    const placed = await orders.limit(order)

    await server.kill('SIGKILL')
    const listening = new Promise(resolve => stream.on('subscription', resolve))
    await server.restart()
    await within(listening, 'the stream of updates after the kill', RECONNECT_MAX_MS)
    seen.length = 0
    await sees(`trade ${SYMBOL}`, `quote ${SYMBOL}`, 'quote NIMBR')
    assert.deepEqual(await orders.limit(order), placed, 'the answer that may have been lost: one order')
    assert.equal((await orders.getAllOrders()).length, 1)
    await orders.deleteOrderByOrderID({ orderId: placed.id! })
    await until('canceled', placed.id)
  })
})
