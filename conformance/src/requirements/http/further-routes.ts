// Routes that a target may not have yet: past events, alerts, simulations, rooms.

import { expectEqual, expectMatch, expectTrue, NotOffered } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json, requireOffered } from '../../target/answer.ts'
import type { OrderSocket } from '../../target/order-socket.ts'

/** @throws {NotOffered} when the socket does not know this type of message. */
async function askOffered(socket: OrderSocket, message: { readonly type: string }): Promise<Json> {
  const answer = await socket.ask(message)
  const isUnknown = answer.type === 'error' && /^type is one of|not offered/.test(answer.text)
  if (isUnknown || answer.code === 'not-implemented')
    throw new NotOffered(`${message.type}: ${answer.text.slice(0, 60)}…`)
  return answer
}

export const FURTHER_ROUTES = chapter('Further routes', [
  requirement('log-page', 'GET /v1/log/:epoch/:from is a page of past events that never changes.', async probe => {
    const { epoch, oldest } = await probe.get('/v1/market')
    const path = `/v1/log/${epoch}/${oldest}`
    const answer = expectStatus(requireOffered(await probe.call(`GET ${path}`)), 200)
    const etag = answer.headers.get('etag')
    expectMatch('ETag', etag, /^(W\/)?"/)
    expectMatch('cache-control', answer.headers.get('cache-control'), /max-age=31536000/)
    const again = await probe.call(`GET ${path}`, { headers: { 'if-none-match': etag! } })
    expectEqual('the status with If-None-Match', again.status, 304)
  }),

  requirement('alerts', "GET /v1/alerts lists the account's price alerts, and asks for a token.", async probe => {
    const { token } = await probe.account()
    const answer = requireOffered(await probe.call('GET /v1/alerts', { token }))
    expectStatus(answer, 200)
    expectProblem(await probe.call('GET /v1/alerts'), 401)
  }),

  requirement('simulations', 'GET /v1/simulations/:id of an unknown simulation is a 404.', async probe => {
    const answer = await probe.call('GET /v1/simulations/no-such-run')
    const offered = await probe.call('OPTIONS /v1/simulations')
    if (answer.status === 501 || offered.status === 404) throw new NotOffered('there is no /v1/simulations')
    expectProblem(answer, 404)
  }),

  requirement('cancel-all-after', 'order.cancelAllAfter cancels the orders unless it is sent again.', async probe => {
    const { socket } = await probe.logOn()
    const { symbol, lotSize, restingPrice } = await probe.tradableInstrument()
    const order = { type: 'order.place', symbol, side: 'buy', orderType: 'limit', size: lotSize, price: restingPrice }
    await askOffered(socket, { type: 'order.cancelAllAfter', timeoutMs: 1_000 } as { readonly type: string })
    await socket.ask({ ...order, clientOrderId: probe.newName() })
    await socket.until('execution', ({ execType }) => execType === 'canceled')
  }),

  requirement('rooms', 'room.join is answered, and the room says who is there.', async probe => {
    const { socket } = await probe.logOn()
    const answer = await askOffered(socket, { type: 'room.join', room: 'conform' } as { readonly type: string })
    expectTrue(answer.type === 'ack' || answer.type === 'room.joined', 'ack or room.joined', answer)
    await socket.until('room.presence')
  }),
])
