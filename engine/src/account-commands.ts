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
import { Account } from './account.ts'
import { AccountOrder } from './account-order.ts'
import { assert } from './assert.ts'
import { RESULT } from './codes.ts'
import { type Floor, ownerOfAccount } from './floor.ts'
import { OrderMemory } from './order-memory.ts'
import { checkPlace, checkReplace, isReject, reject, type Terms } from './risk.ts'
import { endOrder, settleFills, sideCode } from './trading.ts'

type Reference = { readonly origClientOrderId?: string; readonly orderId?: string }

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
  const account = new Account(accountId, floor.accounts.length, tokenHash, cashUnits, new OrderMemory())
  floor.addAccount(account)
  floor.privateLog.mark(account)
  return answer
}

export function placeOrder(floor: Floor, command: PlaceOrder): Execution {
  const { log, engine, depth } = floor
  const account = floor.account(command.accountId)
  const first = account.memory.firstAnswer(command.clientOrderId, log.ts)
  if (first !== undefined) return { ...first.answer, duplicate: true }
  const order = newOrder(floor, account, command)
  const terms = checkPlace(floor, account, command)
  if (isReject(terms)) return refuse(floor, order, terms)
  const { listing, priceTicks, sizeLots, instruction } = terms
  const side = sideCode(order.side)
  const aheadSize = mayRest(order) ? listing.size(lotsAt(floor, terms, side)) : null
  const engineId = floor.nextEngineId()
  const owner = ownerOfAccount(account)
  const result = engine.place(listing.index, engineId, owner, side, priceTicks, sizeLots, instruction)
  if (result < 0) return refuse(floor, order, refusalOfCore(floor, result, terms, order))
  order.engineId = engineId
  order.priceTicks = priceTicks
  order.leavesLots = sizeLots
  account.hold(order)
  const answer = floor.privateLog.execution(order, log.ts, { execType: 'new', aheadSize })
  account.memory.remember(order, answer)
  enterBook(floor, order, result, side)
  depth.publish(listing)
  return answer
}

export function replaceOrder(floor: Floor, command: ReplaceOrder): Execution | CancelReject {
  const { log, engine, depth } = floor
  const account = floor.account(command.accountId)
  const first = account.memory.firstAnswer(command.clientOrderId, log.ts)
  if (first !== undefined) return answerAgain(first.answer, command)
  const order = openOrder(account, command, log.ts)
  if (isReject(order)) return cancelReject(order)
  const size = command.size ?? order.size
  const price = command.price ?? order.price!
  const terms = checkReplace(floor, order, size, price)
  if (isReject(terms)) return cancelReject(terms)
  const { listing, priceTicks, sizeLots, instruction } = terms
  const side = sideCode(order.side)
  const keepsPlace = priceTicks === order.priceTicks && sizeLots <= order.leavesLots
  const ownLots = priceTicks === order.priceTicks ? order.leavesLots : 0
  const aheadLots = keepsPlace ? engine.aheadLots(order.engineId) : lotsAt(floor, terms, side) - ownLots
  const result = engine.replace(order.engineId, order.engineId, priceTicks, sizeLots, instruction)
  if (result < 0) return cancelReject(refusalOfCore(floor, result, terms, order))
  depth.touch(side, order.priceTicks)
  floor.flow?.canceled(listing.index, order.engineId, side, order.priceTicks, order.leavesLots, 0)
  account.release(order, order.leavesLots)
  const origClientOrderId = order.clientOrderId
  order.replace(command.clientOrderId, size, price, priceTicks, sizeLots, log.ts)
  account.hold(order)
  const aheadSize = listing.size(aheadLots)
  const answer = floor.privateLog.execution(order, log.ts, { execType: 'replaced', origClientOrderId, aheadSize })
  account.memory.remember(order, answer)
  enterBook(floor, order, result, side)
  depth.publish(listing)
  return answer
}

export function cancelOrder(floor: Floor, command: CancelOrder): Execution | CancelReject {
  const account = floor.account(command.accountId)
  const order = openOrder(account, command, floor.log.ts)
  if (isReject(order)) return cancelReject(order)
  const answer = takeOut(floor, order)
  floor.depth.publish(order.listing)
  return answer
}

/** Symbol by symbol in the order of the listings, each oldest first. */
export function cancelAllOrders(floor: Floor, { accountId, symbol, side }: CancelAllOrders): CommandAnswer {
  const orders = [...floor.account(accountId).openOrders.values()].filter(
    order => (symbol === undefined || order.symbol === symbol) && (side === undefined || order.side === side),
  )
  for (const listing of floor.listings) {
    for (const order of orders) if (order.listing === listing) takeOut(floor, order)
    floor.depth.publish(listing)
  }
  return { type: 'canceled', count: orders.length }
}

function newOrder(floor: Floor, account: Account, command: PlaceOrder): AccountOrder {
  const asked = { ...command, orderId: floor.nextOrderId(), price: command.price ?? null, ts: floor.log.ts }
  return new AccountOrder(account, floor.listing(command.symbol), asked, [command.clientOrderId])
}

/** The core has taken the order: settles what traded, and sees what is left rest or lapse. */
function enterBook(floor: Floor, order: AccountOrder, result: number, side: number): void {
  const { account, listing } = order
  floor.privateLog.mark(account)
  if (result === RESULT.rested) {
    account.openOrders.set(order.orderId, order)
    floor.accountOrders.set(order.engineId, order)
  }
  settleFills(floor, listing, order.side, order)
  if (result === RESULT.rested) {
    floor.depth.touch(side, order.priceTicks)
    floor.flow?.added(listing.index, order.engineId, side, order.priceTicks, order.leavesLots)
  }
  if (result === RESULT.lapsed) endCanceled(floor, order)
}

function takeOut(floor: Floor, order: AccountOrder): Execution {
  const { listing, engineId, priceTicks, leavesLots } = order
  const side = sideCode(order.side)
  floor.depth.touch(side, priceTicks)
  floor.engine.cancel(engineId)
  floor.flow?.canceled(listing.index, engineId, side, priceTicks, leavesLots, 0)
  return endCanceled(floor, order)
}

function endCanceled(floor: Floor, order: AccountOrder): Execution {
  order.account.release(order, order.leavesLots)
  order.leavesLots = 0
  order.follow('cancel')
  endOrder(floor, order)
  floor.privateLog.mark(order.account)
  return floor.privateLog.execution(order, floor.log.ts, { execType: 'canceled' })
}

function refuse(floor: Floor, order: AccountOrder, reason: Reject): Execution {
  order.status = 'rejected'
  endOrder(floor, order)
  const answer = floor.privateLog.execution(order, floor.log.ts, { execType: 'rejected', reason })
  order.account.memory.remember(order, answer)
  return answer
}

/** The same replace again gets its first answer again; an id that something else has used is taken. */
function answerAgain(answer: Execution, command: ReplaceOrder): Execution | CancelReject {
  const isSame =
    'orderId' in command ? answer.orderId === command.orderId : answer.origClientOrderId === command.origClientOrderId
  if (answer.execType === 'replaced' && isSame) return { ...answer, duplicate: true }
  const text = `clientOrderId ${command.clientOrderId} is in use by order ${answer.orderId}. Send the replace with a new one.`
  return cancelReject(reject('duplicate-client-order-id', text))
}

function openOrder(account: Account, reference: Reference, ts: number): AccountOrder | Reject {
  const { orderId, origClientOrderId } = reference
  const order =
    orderId === undefined
      ? account.memory.firstAnswer(origClientOrderId!, ts)?.order
      : account.memory.orders.get(orderId)
  if (order === undefined) {
    return reject(
      'unknown-order',
      `The account has no order ${orderId ?? origClientOrderId}. GET /v1/orders lists its orders.`,
    )
  }
  if (!order.ended) return order
  return reject('already-done', `Order ${order.orderId} has ended: it is ${order.status}.`)
}

function refusalOfCore(
  floor: Floor,
  result: number,
  { listing, sizeLots, priceTicks }: Terms,
  order: AccountOrder,
): Reject {
  if (result === RESULT.wouldCross) {
    const { index } = listing
    const best = order.side === 'buy' ? floor.engine.bestAsk(index) : floor.engine.bestBid(index)
    return reject(
      'post-only-would-trade',
      `At ${listing.price(priceTicks)} the post-only order would trade with the best price ${listing.price(best)}. Send a price behind it.`,
    )
  }
  assert(result === RESULT.cannotFill, 'the core refuses nothing that the checks let through')
  const fillable = floor.engine.fillableLots(listing.index, sideCode(order.side), sizeLots, priceTicks)
  return reject(
    'cannot-fill',
    `Only ${listing.size(fillable)} of ${listing.size(sizeLots)} can be filled at once. Send a smaller size, another price, or IOC.`,
  )
}

function cancelReject({ code, text }: Reject): CancelReject {
  return { type: 'cancel.reject', code, text }
}

/** What rests at the order's price on its own side. */
function lotsAt({ engine }: Floor, { listing, priceTicks }: Terms, side: number): number {
  return engine.levelSide(listing.index, priceTicks) === side ? engine.levelLots(listing.index, priceTicks) : 0
}

function mayRest({ orderType, timeInForce }: AccountOrder): boolean {
  return orderType === 'limit' && (timeInForce === 'GTC' || timeInForce === 'DAY')
}
