// The life of an order, over the socket and over REST: the same commands, answers and codes.

import {
  AccountAnswer,
  AccountSnapshot,
  Execution,
  ExecutionsAnswer,
  FillsAnswer,
  Order,
  OrdersAnswer,
  OUTBOUND,
  PositionsAnswer,
} from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json, requireOffered } from '../../target/answer.ts'
import { askOffered } from '../../target/ask-offered.ts'
import { buyOneLot, getOrder, placeResting, privateMessages, restingOrder, tradingAccount } from './trading-account.ts'

export const ORDERS = chapter('Orders', [
  requirement('account-new', 'POST /v1/accounts opens a paper account with 1,000,000, or with `cash`.', async probe => {
    const answer = expectStatus(await probe.callWithinRate('POST /v1/accounts', { body: {} }), 201)
    expectSchema('the answer', AccountAnswer, answer.body)
    expectEqual('cash', answer.body.cash, 1_000_000)
    const { token, cash } = await probe.account(2_500)
    expectEqual('cash that was asked for', cash, 2_500)
    const account = expectStatus(await probe.call('GET /v1/account', { token }), 200).body
    expectSchema('the account', AccountSnapshot, account)
    expectEqual('its balance', account.balance.cash, 2_500)
  }),

  requirement('order-new', 'order.place is answered with its execution.', async probe => {
    const account = await tradingAccount(probe)
    const execution = await placeResting(probe, account)
    expectSchema('the answer', OUTBOUND.execution, execution)
    const { restingPrice, lotSize, symbol } = account.instrument
    expectEqual(
      'the terms of the order',
      [execution.symbol, execution.price, execution.size, execution.leavesSize, execution.orderStatus],
      [symbol, restingPrice, lotSize, lotSize, 'new'],
    )
  }),

  requirement('order-reject', 'A reject is an execution with a reason that has code and text.', async probe => {
    const { socket, instrument } = await tradingAccount(probe)
    const price = instrument.restingPrice + instrument.tickSize / 2
    const rejected = await socket.ask({ type: 'order.place', ...restingOrder(probe, instrument, { price }) })
    expectSchema('the answer', OUTBOUND.execution, rejected)
    expectEqual('its kind', [rejected.execType, rejected.orderStatus], ['rejected', 'rejected'])
    expectEqual('the code of a price off the tick grid', rejected.reason?.code, 'off-tick')
    expectTrue(rejected.reason.text.length > 5, 'a text', rejected.reason)
  }),

  requirement('order-cash', 'An order for more than the account can pay is rejected.', async probe => {
    const { token } = await probe.account(1)
    const { socket } = await probe.logOn({ token })
    const instrument = await probe.tradableInstrument()
    const rejected = await socket.ask({ type: 'order.place', ...restingOrder(probe, instrument) })
    expectEqual('the reason', rejected.reason?.code, 'insufficient-cash')
  }),

  requirement('order-replace', 'order.replace changes size and price under a new clientOrderId.', async probe => {
    const account = await tradingAccount(probe)
    const placed = await placeResting(probe, account, { size: account.instrument.lotSize * 3 })
    const clientOrderId = probe.newName()
    const size = account.instrument.lotSize * 2
    const change = { type: 'order.replace', clientOrderId, origClientOrderId: placed.clientOrderId, size }
    const replaced = await account.socket.ask(change)
    expectEqual('the answer', [replaced.type, replaced.execType, replaced.size], ['execution', 'replaced', size])
    expectEqual('the ids', [replaced.clientOrderId, replaced.orderId], [clientOrderId, placed.orderId])
  }),

  requirement('order-cancel', 'order.cancel is answered with the execution that cancels.', async probe => {
    const account = await tradingAccount(probe)
    const { clientOrderId, orderId } = await placeResting(probe, account)
    const canceled = await account.socket.ask({ type: 'order.cancel', origClientOrderId: clientOrderId })
    expectEqual('the answer', [canceled.execType, canceled.orderStatus], ['canceled', 'canceled'])
    expectEqual('the order', (await getOrder(probe, account.token, orderId)).orderStatus, 'canceled')
  }),

  requirement('order-cancel-reject', 'Cancel and replace of an unknown order get cancel.reject.', async probe => {
    const { socket } = await probe.logOn()
    const cancel = await socket.ask({ type: 'order.cancel', origClientOrderId: 'nothing' })
    expectSchema('the answer', OUTBOUND['cancel.reject'], cancel)
    const change = { type: 'order.replace', clientOrderId: 'a', origClientOrderId: 'nothing', size: 1 }
    expectEqual('the answer to replace', (await socket.ask(change)).type, 'cancel.reject')
  }),

  requirement('order-cancel-all', 'order.cancelAll cancels the open orders and is acknowledged.', async probe => {
    const account = await tradingAccount(probe)
    const placed = [await placeResting(probe, account), await placeResting(probe, account)]
    const ack = await account.socket.ask({ type: 'order.cancelAll' })
    expectEqual('the answer', [ack.type, ack.count], ['ack', 2])
    for (const { orderId } of placed) {
      expectEqual('an order', (await getOrder(probe, account.token, orderId)).orderStatus, 'canceled')
    }
  }),

  requirement('cancel-all-after', 'order.cancelAllAfter cancels the orders unless it is sent again.', async probe => {
    const account = await tradingAccount(probe)
    await askOffered(account.socket, { type: 'order.cancelAllAfter', timeoutMs: 1_000 } as { readonly type: string })
    await placeResting(probe, account)
    await account.socket.until('execution', ({ execType }) => execType === 'canceled')
  }),

  requirement('order-fill', 'A market order trades: a fill, then position and balance.', async probe => {
    const account = await tradingAccount(probe)
    const fill = await buyOneLot(probe, account)
    const { symbol, lotSize } = account.instrument
    expectEqual('the fill', [fill.orderStatus, fill.cumSize, fill.leavesSize], ['filled', lotSize, 0])
    expectTrue(fill.lastPrice > 0 && fill.tradeId !== null, 'a price and the number of the trade', fill)
    const position = await account.socket.until('position', one => one.symbol === symbol)
    expectSchema('position', OUTBOUND.position, position)
    const balance = await account.socket.until('balance', ({ seq }) => seq > fill.seq)
    expectSchema('balance', OUTBOUND.balance, balance)
    expectTrue(Math.abs(balance.cash - (1_000_000 - fill.avgPrice * lotSize)) < 1, 'cash less what was paid', balance)
    const { body } = expectStatus(await probe.call('GET /v1/positions', { token: account.token }), 200)
    expectSchema('the positions', PositionsAnswer, body)
    expectEqual('the position', [body.positions[0].symbol, body.positions[0].size], [symbol, lotSize])
  }),

  requirement('order-fills', 'GET /v1/fills has the fills of the account after a seq.', async probe => {
    const account = await tradingAccount(probe)
    const first = await buyOneLot(probe, account)
    const second = await buyOneLot(probe, account)
    const fills = async (after: number) => {
      const { body } = expectStatus(await probe.call(`GET /v1/fills?after=${after}`, { token: account.token }), 200)
      expectSchema('the fills', FillsAnswer, body)
      return body.fills.map(({ seq }: Json) => seq)
    }
    const all = await fills(0)
    expectTrue(all.includes(first.seq) && all.includes(second.seq), 'both fills', all)
    expectTrue(!(await fills(first.seq)).includes(first.seq), 'only fills after the seq')
  }),

  requirement('order-trade-public', 'The trade of a fill is in the public feed.', async probe => {
    const stream = await probe.stream('mode=raw&events=trade')
    await stream.frames.first('snapshot')
    const account = await tradingAccount(probe)
    const fill = await buyOneLot(probe, account)
    const { data } = await stream.frames.until('the trade', one => one.data.tradeId === fill.tradeId)
    expectEqual(
      'symbol, price and aggressor',
      [data.symbol, data.price, data.aggressor],
      [fill.symbol, fill.lastPrice, 'buy'],
    )
  }),

  requirement(
    'order-in-book',
    'A resting order is in the public book, and leaves it when it is canceled.',
    async probe => {
      const account = await tradingAccount(probe)
      const { symbol, restingPrice } = account.instrument
      const stream = await probe.stream(`mode=raw&events=book&symbols=${symbol}`)
      await stream.frames.first('snapshot')
      const touches = ({ data }: Json) =>
        data.changes?.some(([side, price]: Json) => side === 'bid' && price === restingPrice)
      const placed = await placeResting(probe, account)
      const placing = await stream.frames.until('a change at the price of the order', touches)
      const from = stream.frames.items.indexOf(placing) + 1
      await account.socket.ask({ type: 'order.cancel', origClientOrderId: placed.clientOrderId })
      await stream.frames.until('a change at the price of the order', touches, { from })
    },
  ),

  requirement('rest-order', 'Over REST: 201 with the execution that the private stream has, too.', async probe => {
    const { token, socket, instrument } = await tradingAccount(probe)
    const order = restingOrder(probe, instrument)
    const answer = expectStatus(await probe.call('POST /v1/orders', { token, body: order }), 201)
    expectSchema('the answer', Execution, answer.body)
    const streamed = await socket.until('execution', one => one.clientOrderId === order.clientOrderId)
    expectEqual('the execution on the socket', streamed, answer.body)
    const read = await getOrder(probe, token, answer.body.orderId)
    expectSchema('the order', Order, read)
    expectEqual('its clientOrderId', read.clientOrderId, order.clientOrderId)
  }),

  requirement('rest-order-reject', 'A reject over REST is a 422 problem with the same code.', async probe => {
    const { token } = await probe.account()
    const instrument = await probe.tradableInstrument()
    const price = instrument.restingPrice + instrument.tickSize / 2
    const answer = await probe.call('POST /v1/orders', { token, body: restingOrder(probe, instrument, { price }) })
    expectProblem(answer, 422, 'off-tick')
  }),

  requirement('rest-order-change', 'PATCH changes an order, DELETE cancels it, DELETE /v1/orders all.', async probe => {
    const { token } = await probe.account()
    const instrument = await probe.tradableInstrument()
    const place = async (terms: object = {}) => {
      const body = restingOrder(probe, instrument, terms)
      return expectStatus(await probe.call('POST /v1/orders', { token, body }), 201).body.orderId
    }
    const orderId = await place({ size: instrument.lotSize * 2 })
    const change = { clientOrderId: probe.newName(), size: instrument.lotSize }
    const changed = expectStatus(await probe.call(`PATCH /v1/orders/${orderId}`, { token, body: change }), 200)
    expectEqual('the change', [changed.body.execType, changed.body.size], ['replaced', instrument.lotSize])
    const canceled = expectStatus(await probe.call(`DELETE /v1/orders/${orderId}`, { token }), 200)
    expectEqual('the cancel', canceled.body.execType, 'canceled')
    await place()
    await place()
    const all = expectStatus(await probe.call('DELETE /v1/orders', { token }), 200)
    expectEqual('how many were canceled', all.body.count, 2)
  }),

  requirement('rest-orders-paged', 'GET /v1/orders has pages, newest first.', async probe => {
    const { token } = await probe.account()
    const instrument = await probe.tradableInstrument()
    const placed: string[] = []
    for (let order = 0; order < 3; order++) {
      const body = restingOrder(probe, instrument)
      placed.unshift(expectStatus(await probe.call('POST /v1/orders', { token, body }), 201).body.orderId)
    }
    const read: string[] = []
    for (let after = ''; read.length < 3; ) {
      const { body } = expectStatus(await probe.call(`GET /v1/orders?limit=2${after}`, { token }), 200)
      expectSchema('a page', OrdersAnswer, body)
      expectTrue(body.orders.length > 0 && body.orders.length <= 2, 'a page of at most two orders', body)
      read.push(...body.orders.map(({ orderId }: Json) => orderId))
      after = `&after=${body.after}`
    }
    expectEqual('the orders of all pages', read, placed)
  }),

  requirement(
    'rest-orders-status',
    'GET /v1/orders has only open orders, or only ended ones, by `status`.',
    async probe => {
      const { token } = await probe.account()
      const instrument = await probe.tradableInstrument()
      const place = async () => {
        const body = restingOrder(probe, instrument)
        return expectStatus(await probe.call('POST /v1/orders', { token, body }), 201).body.orderId
      }
      const [open, ended] = [await place(), await place()]
      expectStatus(await probe.call(`DELETE /v1/orders/${ended}`, { token }), 200)
      for (const [status, orders] of [
        ['open', [open]],
        ['ended', [ended]],
        ['all', [ended, open]],
      ] as const) {
        const { body } = expectStatus(await probe.call(`GET /v1/orders?status=${status}`, { token }), 200)
        expectEqual(
          `the orders with status=${status}`,
          body.orders.map(({ orderId }: Json) => orderId),
          orders,
        )
      }
      expectProblem(await probe.call('GET /v1/orders?status=done', { token }), 400)
    },
  ),

  requirement('rest-executions', 'GET /v1/orders/:id/executions has all that happened to an order.', async probe => {
    const account = await tradingAccount(probe)
    const { token, socket } = account
    const { orderId, clientOrderId } = await placeResting(probe, account)
    await placeResting(probe, account)
    await socket.ask({ type: 'order.cancel', origClientOrderId: clientOrderId })
    const answer = requireOffered(await probe.call(`GET /v1/orders/${orderId}/executions`, { token }))
    expectSchema('the executions', ExecutionsAnswer, expectStatus(answer, 200).body)
    const streamed = privateMessages(socket).filter(one => one.type === 'execution' && one.orderId === orderId)
    const withoutRequest = streamed.map(({ requestId: _, rateLimit: __, ...execution }) => execution)
    expectEqual('the executions', answer.body.executions, withoutRequest)
    expectEqual('the next page', answer.body.after, null)
    const { token: other } = await probe.account()
    expectProblem(await probe.call(`GET /v1/orders/${orderId}/executions`, { token: other }), 404, 'unknown-order')
  }),

  requirement('rest-order-unknown', 'An order of nobody, or of another account, is a 404.', async probe => {
    const owner = await tradingAccount(probe)
    const { orderId } = await placeResting(probe, owner)
    const { token } = await probe.account()
    for (const id of ['999999999', orderId]) {
      expectProblem(await probe.call(`GET /v1/orders/${id}`, { token }), 404)
      expectProblem(await probe.call(`DELETE /v1/orders/${id}`, { token }), 404, 'unknown-order')
    }
    expectEqual('the order', (await getOrder(probe, owner.token, orderId)).orderStatus, 'new')
  }),
])
