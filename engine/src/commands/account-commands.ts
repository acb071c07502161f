// The commands of accounts: open, place, replace, cancel. Each checks, asks the matching core, tells the owner first what
// became of the order and then of each fill, and answers what the owner's stream was told first.

import type {
  CancelAllOrders,
  CancelOrder,
  CancelReject,
  CommandAnswer,
  Execution,
  OpenAccount,
  PlaceOrder,
  Reject,
  ReplaceOrder,
} from '@papertape/protocol'
import { UNITS_PER_CURRENCY } from '@papertape/protocol'
import { RESULT } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import { Account } from '../model/account.ts'
import { AccountOrder } from '../model/account-order.ts'
import { isMatching } from '../model/phase.ts'
import { lotsAt, mayRest, offerToCore, refusalOfCore, settleEntry } from '../orders/book-entry.ts'
import { isReject, reject } from '../orders/order-checks.ts'
import { endOrder, withdraw } from '../orders/order-end.ts'
import { checkPlace, checkReplace, type Terms } from '../orders/risk.ts'
import { endCommand } from '../phases/finish-command.ts'
import { assert } from '../primitives/assert.ts'
import type { Floor } from '../state/exchange-state.ts'

/** Opening the same account twice opens it once. */
export function openAccount(floor: Floor, { accountId, tokenHash, cash }: OpenAccount): CommandAnswer {
  const answer = { type: 'account.opened', accountId } as const
  const known = floor.findAccount(accountId)
  if (known !== undefined) {
    assert(known.tokenHash === tokenHash, 'an account has one token')
    return answer
  }
  assert(floor.findAccountByToken(tokenHash) === undefined, 'a token opens one account')
  const cashUnits = Math.round(cash * UNITS_PER_CURRENCY)
  assert(Number.isSafeInteger(cashUnits) && cashUnits >= 0, 'the cash of an account can be counted exactly')
  const account = new Account(accountId, floor.accounts.length, tokenHash, cashUnits)
  floor.addAccount(account)
  floor.privateLog.mark(account)
  return answer
}

export function placeOrder(floor: Floor, command: PlaceOrder): Execution {
  const account = floor.account(command.accountId)
  const first = command.known?.answer
  if (first !== undefined) return { ...first, duplicate: true }
  const order = newOrder(floor, account, command)
  const terms = checkPlace(floor, account, command)
  if (isReject(terms)) return refuse(floor, order, terms)
  const answer = terms.route === 'book' ? placeInBook(floor, order, terms) : placeBeside(floor, order, terms)
  endCommand(floor, terms.listing)
  return answer
}

export function replaceOrder(floor: Floor, command: ReplaceOrder): Execution | CancelReject {
  const account = floor.account(command.accountId)
  const first = command.known?.answer
  if (first !== undefined) return answerAgain(first, command)
  const order = openOrder(account, command)
  if (isReject(order)) return cancelReject(order)
  const size = command.size ?? order.size
  const price = command.price ?? order.price
  const stopPrice = command.stopPrice ?? order.stopPrice
  const terms = checkReplace(floor, order, size, price, stopPrice)
  if (isReject(terms)) return cancelReject(terms)
  const { clientOrderId, sessionId = order.sessionId } = command
  const change = { clientOrderId, size, price, stopPrice, sessionId }
  const answer =
    order.engineId === 0 ? replaceBeside(floor, order, change, terms) : replaceInBook(floor, order, change, terms)
  if (!isReject(answer)) endCommand(floor, terms.listing)
  return isReject(answer) ? cancelReject(answer) : answer
}

export function cancelOrder(floor: Floor, command: CancelOrder): Execution | CancelReject {
  const account = floor.account(command.accountId)
  const order = openOrder(account, command)
  if (isReject(order)) return cancelReject(order)
  const answer = withdraw(floor, order, 'canceled')
  endCommand(floor, order.listing)
  return answer
}

export function cancelAllOrders(floor: Floor, { accountId, symbol, side }: CancelAllOrders): CommandAnswer {
  const orders = [...floor.account(accountId).openOrders.values()].filter(
    order => (symbol === undefined || order.symbol === symbol) && (side === undefined || order.side === side),
  )
  cancelOrders(floor, orders)
  return { type: 'canceled', count: orders.length }
}

/** Symbol by symbol in the order of the listings. */
export function cancelOrders(floor: Floor, orders: readonly AccountOrder[]): void {
  for (const listing of floor.listings) {
    const own = orders.filter(order => order.listing === listing)
    for (const order of own) withdraw(floor, order, 'canceled')
    if (own.length > 0) endCommand(floor, listing)
  }
}

function newOrder(floor: Floor, account: Account, command: PlaceOrder): AccountOrder {
  const asked = { ...command, orderId: floor.nextOrderId(), price: command.price ?? null, ts: floor.log.ts }
  const order = new AccountOrder(account, floor.listing(command.symbol), asked)
  order.sessionId = command.sessionId
  return order
}

function placeInBook(floor: Floor, order: AccountOrder, terms: Terms): Execution {
  const { listing, limit, sizeLots, instruction } = terms
  const aheadLots = lotsAt(floor, order, limit.ticks)
  const engineId = floor.nextEngineId()
  const result = offerToCore(floor, order, engineId, sizeLots, terms)
  if (result < 0) return refuse(floor, order, refusalOfCore(floor, result, order, sizeLots, limit))
  order.engineId = engineId
  const aheadSize = mayRest(instruction) ? listing.size(aheadLots) : null
  const answer = accept(floor, order, terms, aheadSize)
  settleEntry(floor, order, result, limit, aheadLots, true)
  return answer
}

/** A stop waits for a trade, an order for the closing auction for that. */
function placeBeside(floor: Floor, order: AccountOrder, terms: Terms): Execution {
  const { listing, route, stopTicks } = terms
  const answer = accept(floor, order, terms, null)
  floor.privateLog.mark(order.account)
  order.account.openOrders.set(order.orderId, order)
  order.turn = ++floor.counters.turn
  if (route === 'stop') {
    listing.stops[sideCode(order.side)]!.add(order, stopTicks)
    reachStop(listing)
  } else listing.closingOrders.add(order)
  return answer
}

/** A stop that the market has passed already triggers at once. */
function reachStop(listing: Terms['listing']): void {
  if (isMatching(listing.phase)) listing.reach(listing.lastTicks)
}

function accept(floor: Floor, order: AccountOrder, terms: Terms, aheadSize: number | null): Execution {
  takeTerms(order, terms)
  order.account.hold(order)
  const details = { execType: 'new', aheadSize, ...slideToBand(order, terms) } as const
  return floor.privateLog.execution(order, floor.log.ts, details)
}

function takeTerms(order: AccountOrder, { limit, stopTicks, heldTicks, sizeLots }: Terms): void {
  order.priceTicks = limit.ticks
  order.stopTicks = stopTicks
  order.heldTicks = heldTicks
  order.leavesLots = sizeLots
}

interface Change {
  readonly clientOrderId: string
  readonly size: number
  readonly price: number | null
  readonly stopPrice: number | undefined
  readonly sessionId: string | undefined
}

/** An order that waits keeps its turn unless its stop price changes. */
function replaceBeside(floor: Floor, order: AccountOrder, change: Change, terms: Terms): Execution {
  const { listing, stopTicks } = terms
  const isMoved = stopTicks !== order.stopTicks
  const answer = tellReplaced(floor, order, change, terms, null)
  if (!isMoved) return answer
  const stops = listing.stops[sideCode(order.side)]!
  stops.remove(order)
  order.turn = ++floor.counters.turn
  stops.add(order, stopTicks)
  reachStop(listing)
  return answer
}

/** An order that stays at its price and grows no larger keeps its place; any other one enters anew. */
function replaceInBook(floor: Floor, order: AccountOrder, change: Change, terms: Terms): Execution | Reject {
  const { engine, depth, flow, queues } = floor
  const { listing, limit, sizeLots, instruction } = terms
  const { engineId, priceTicks, shownLots } = order
  if (limit.ticks === priceTicks && sizeLots <= order.leavesLots) return shrinkInBook(floor, order, change, terms)
  const side = sideCode(order.side)
  const aheadLots = lotsAt(floor, order, limit.ticks) - (limit.ticks === priceTicks ? shownLots : 0)
  const arrival = engine.arrival(engineId)
  const result = engine.replace(engineId, engineId, limit.ticks, sizeLots, instruction)
  if (result < 0) return refusalOfCore(floor, result, order, sizeLots, limit)
  depth.touch(side, priceTicks)
  flow?.canceled(listing.index, engineId, side, priceTicks, shownLots, 0)
  queues.leave(order)
  queues.lost(listing.index, side, priceTicks, arrival, shownLots)
  const answer = tellReplaced(floor, order, change, terms, listing.size(aheadLots))
  settleEntry(floor, order, result, limit, aheadLots, true)
  return answer
}

function shrinkInBook(floor: Floor, order: AccountOrder, change: Change, terms: Terms): Execution {
  const { engine, depth, flow, queues } = floor
  const { listing, sizeLots, instruction } = terms
  const { engineId, priceTicks, shownLots } = order
  const side = sideCode(order.side)
  const result = engine.replace(engineId, engineId, priceTicks, sizeLots, instruction)
  assert(result === RESULT.rested, 'an order that grows no larger stays')
  order.hiddenLots = engine.hiddenLots(engineId)
  const leftLots = sizeLots - order.hiddenLots
  if (leftLots < shownLots) {
    depth.touch(side, priceTicks)
    flow?.canceled(listing.index, engineId, side, priceTicks, shownLots - leftLots, leftLots)
    queues.losing(engineId, listing.index, side, priceTicks, shownLots - leftLots)
  }
  order.toldAheadLots = queues.aheadLots(order)
  return tellReplaced(floor, order, change, terms, listing.size(order.toldAheadLots))
}

function tellReplaced(
  floor: Floor,
  order: AccountOrder,
  { clientOrderId, size, price, stopPrice, sessionId }: Change,
  terms: Terms,
  aheadSize: number | null,
): Execution {
  const { account } = order
  const origClientOrderId = order.clientOrderId
  account.release(order, order.leavesLots)
  order.replace(clientOrderId, size, price, stopPrice, floor.log.ts)
  order.sessionId = sessionId
  takeTerms(order, terms)
  account.hold(order)
  floor.privateLog.mark(account)
  const details = { execType: 'replaced', origClientOrderId, aheadSize, ...slideToBand(order, terms) } as const
  return floor.privateLog.execution(order, floor.log.ts, details)
}

/** An order that may rest is priced at the band where its own limit lies outside; its owner is told why. */
function slideToBand(order: AccountOrder, { listing, limit, instruction }: Terms): { readonly reason?: Reject } {
  const { why, ticks } = limit
  if (why === undefined || order.price === null || !mayRest(instruction)) return {}
  order.price = listing.price(ticks)
  return { reason: why() }
}

function refuse(floor: Floor, order: AccountOrder, reason: Reject): Execution {
  order.status = 'rejected'
  endOrder(floor, order)
  return floor.privateLog.execution(order, floor.log.ts, { execType: 'rejected', reason })
}

/** The same replace again gets its first answer again; an id that something else has used is taken. */
function answerAgain(answer: Execution, command: ReplaceOrder): Execution | CancelReject {
  const isSame =
    'orderId' in command ? answer.orderId === command.orderId : answer.origClientOrderId === command.origClientOrderId
  if (answer.execType === 'replaced' && isSame) return { ...answer, duplicate: true }
  const text = `clientOrderId ${command.clientOrderId} is in use by order ${answer.orderId}. Send the replace with a new one.`
  return cancelReject(reject('duplicate-client-order-id', text))
}

function openOrder(account: Account, command: ReplaceOrder | CancelOrder): AccountOrder | Reject {
  const { order: known } = command.known ?? {}
  const orderId = 'orderId' in command ? command.orderId : known?.orderId
  const order = orderId === undefined ? undefined : account.openOrders.get(orderId)
  if (order !== undefined) return order
  if (known?.ended !== undefined) {
    return reject('already-done', `Order ${known.orderId} has ended: it is ${known.ended}.`)
  }
  const asked = 'orderId' in command ? command.orderId : command.origClientOrderId
  return reject('unknown-order', `The account has no order ${asked}. GET /v1/orders lists its orders.`)
}

function cancelReject(reason: Reject): CancelReject {
  return { type: 'cancel.reject', ...reason }
}
