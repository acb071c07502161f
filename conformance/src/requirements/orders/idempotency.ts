// A clientOrderId sent again gives the first answer again, over any transport, and never a second order.

import { expectEqual, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'
import { restingOrder, tradingAccount } from './trading-account.ts'

async function orderCount(probe: Probe, token: string): Promise<number> {
  return expectStatus(await probe.call('GET /v1/orders', { token }), 200).body.orders.length
}

/** What must be equal in both answers: all but what belongs to the asking. */
function firstAnswer({ requestId: _, rateLimit: __, duplicate: ___, ...answer }: Json): Json {
  return answer
}

export const IDEMPOTENCY = chapter('Idempotency', [
  requirement(
    'duplicate-socket',
    'Sent again on the same connection: the first answer, `duplicate: true`.',
    async probe => {
      const { socket, instrument } = await tradingAccount(probe)
      const order = { type: 'order.place', ...restingOrder(probe, instrument) }
      const first = await socket.ask(order)
      const again = await socket.ask(order)
      expectEqual('duplicate in the first answer', first.duplicate, undefined)
      expectEqual('duplicate', again.duplicate, true)
      expectEqual('the answer', firstAnswer(again), firstAnswer(first))
    },
  ),

  requirement('duplicate-one-order', 'Sent again it never places a second order.', async probe => {
    const { socket, instrument, token } = await tradingAccount(probe)
    const order = restingOrder(probe, instrument)
    for (let times = 0; times < 3; times++) await socket.ask({ type: 'order.place', ...order })
    await probe.call('POST /v1/orders', { token, body: order })
    expectEqual('the number of orders', await orderCount(probe, token), 1)
  }),

  requirement('duplicate-reconnect', 'So it is after a reconnect.', async probe => {
    const { socket, instrument, token } = await tradingAccount(probe)
    const order = { type: 'order.place', ...restingOrder(probe, instrument) }
    const first = await socket.ask(order)
    socket.close()
    const again = await (await probe.logOn({ token })).socket.ask(order)
    expectEqual('duplicate', again.duplicate, true)
    expectEqual('the answer', firstAnswer(again), firstAnswer(first))
  }),

  requirement('duplicate-reject', 'A reject is given again, too.', async probe => {
    const { socket, instrument } = await tradingAccount(probe)
    const price = instrument.restingPrice + instrument.tickSize / 2
    const order = { type: 'order.place', ...restingOrder(probe, instrument, { price }) }
    const first = await socket.ask(order)
    const again = await socket.ask(order)
    expectEqual('the answers', [first.execType, again.execType, again.duplicate], ['rejected', 'rejected', true])
    expectEqual('the answer', firstAnswer(again), firstAnswer(first))
  }),

  requirement('duplicate-rest', 'Over REST it is a 200 instead of a 201; a reject is a 422 again.', async probe => {
    const { token } = await probe.account()
    const instrument = await probe.tradableInstrument()
    const order = restingOrder(probe, instrument)
    const first = expectStatus(await probe.call('POST /v1/orders', { token, body: order }), 201)
    const again = expectStatus(await probe.call('POST /v1/orders', { token, body: order }), 200)
    expectEqual('duplicate', again.body.duplicate, true)
    expectEqual('the answer', firstAnswer(again.body), firstAnswer(first.body))
    const bad = restingOrder(probe, instrument, { price: instrument.restingPrice + instrument.tickSize / 2 })
    for (let times = 0; times < 2; times++) {
      expectProblem(await probe.call('POST /v1/orders', { token, body: bad }), 422, 'off-tick')
    }
  }),

  requirement(
    'duplicate-any-transport',
    'Placed over REST and sent again over the socket it is the same.',
    async probe => {
      const { token, socket, instrument } = await tradingAccount(probe)
      const order = restingOrder(probe, instrument)
      const { body: first } = expectStatus(await probe.call('POST /v1/orders', { token, body: order }), 201)
      const again = await socket.ask({ type: 'order.place', ...order })
      expectEqual('duplicate', again.duplicate, true)
      expectEqual('the answer', firstAnswer(again), firstAnswer(first))
    },
  ),

  requirement('duplicate-asker-alone', 'The answer goes to the asker alone.', async probe => {
    const { token, socket, instrument } = await tradingAccount(probe)
    const { socket: other } = await probe.logOn({ token })
    const order = { type: 'order.place', ...restingOrder(probe, instrument) }
    await socket.ask(order)
    await other.until('execution', one => one.clientOrderId === order.clientOrderId)
    await socket.ask(order)
    await other.ask({ type: 'ping' })
    const isOfOrder = ({ type, clientOrderId }: Json) => type === 'execution' && clientOrderId === order.clientOrderId
    const seen = other.messages.items.filter(isOfOrder)
    expectEqual('how often another session sees the order', seen.length, 1)
  }),

  requirement('duplicate-canceled', 'A clientOrderId is taken also after its order has ended.', async probe => {
    const { socket, instrument, token } = await tradingAccount(probe)
    const order = { type: 'order.place', ...restingOrder(probe, instrument) }
    await socket.ask(order)
    await socket.ask({ type: 'order.cancel', origClientOrderId: order.clientOrderId })
    const again = await socket.ask(order)
    expectEqual('the answer', [again.execType, again.duplicate], ['new', true])
    expectEqual('the number of orders', await orderCount(probe, token), 1)
  }),

  requirement('duplicate-own-account', 'Another account may use the same clientOrderId.', async probe => {
    const [one, two] = await Promise.all([tradingAccount(probe), tradingAccount(probe)])
    const order = { type: 'order.place', ...restingOrder(probe, one.instrument) }
    const answers = [await one.socket.ask(order), await two.socket.ask(order)]
    expectTrue(
      answers.every(({ execType, duplicate }) => execType === 'new' && duplicate === undefined),
      'two orders',
      answers,
    )
  }),
])
