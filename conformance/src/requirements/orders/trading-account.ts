// What the checks of orders share: an account that is logged on, orders that rest, its private stream.

import { expectEqual, NotOffered } from '../../judgement/expect.ts'
import { expectStatus, type Json } from '../../target/answer.ts'
import type { OrderSocket } from '../../target/order-socket.ts'
import type { Probe, TradableInstrument } from '../../target/probe.ts'

const PRIVATE_TYPES = ['execution', 'position', 'balance', 'queue', 'deposit', 'marginCall', 'alert']

export interface TradingAccount {
  readonly token: string
  readonly socket: OrderSocket
  readonly logon: Json
  readonly instrument: TradableInstrument
}

export async function tradingAccount(probe: Probe, terms: object = {}): Promise<TradingAccount> {
  const [loggedOn, instrument] = await Promise.all([probe.logOn({ ...terms }), probe.tradableInstrument()])
  return { ...loggedOn, instrument }
}

/** The terms of an order that rests, as REST takes them. */
export function restingOrder(probe: Probe, { symbol, lotSize, restingPrice }: TradableInstrument, terms: object = {}) {
  const order = { clientOrderId: probe.newName(), symbol, side: 'buy', orderType: 'limit', size: lotSize }
  return { ...order, price: restingPrice, ...terms } as const
}

/** Places an order over the socket; it must be accepted. */
export async function placeResting(probe: Probe, { socket, instrument }: TradingAccount, terms: object = {}) {
  const execution = await socket.ask({ type: 'order.place', ...restingOrder(probe, instrument, terms) })
  expectEqual('the answer to a good order', [execution.type, execution.execType], ['execution', 'new'])
  return execution
}

type SocketTrader = Pick<TradingAccount, 'socket' | 'instrument'>

/** Buys one lot at the market, until it is filled. */
export function buyOneLot(probe: Probe, trader: SocketTrader): Promise<Json> {
  return tradeOneLot(probe, trader, 'buy')
}

export function sellOneLot(probe: Probe, trader: SocketTrader): Promise<Json> {
  return tradeOneLot(probe, trader, 'sell')
}

async function tradeOneLot(probe: Probe, { socket, instrument }: SocketTrader, side: 'buy' | 'sell'): Promise<Json> {
  const { symbol, lotSize } = instrument
  const order = { type: 'order.place', symbol, side, orderType: 'market', size: lotSize }
  for (let tries = 0; tries < 10; tries++) {
    const clientOrderId = probe.newName()
    await socket.ask({ ...order, clientOrderId })
    const isEnd = (one: Json) => one.clientOrderId === clientOrderId && one.execType !== 'new' && one.leavesSize === 0
    const end = await socket.until('execution', isEnd)
    if (end.execType === 'fill') return end
    await probe.sleep(200)
  }
  throw new NotOffered('no market order found a counterparty')
}

export async function getOrder(probe: Probe, token: string, orderId: string): Promise<Json> {
  return expectStatus(await probe.call(`GET /v1/orders/${orderId}`, { token }), 200).body
}

/** The events of the private stream that a socket received, without answers that were given again. */
export function privateMessages(socket: OrderSocket): Json[] {
  return socket.messages.items.filter(({ type, duplicate }) => PRIVATE_TYPES.includes(type) && duplicate !== true)
}
