// The commands of accounts: open, place, replace, cancel. Each checks the command, changes the book, and sends the
// owner first the new status of the order, then each fill. It returns the first of these events, or a reject.

import type {
  CancelAllOrders,
  CancelOrder,
  CancelReject,
  CommandAnswer,
  Execution,
  OpenAccount,
  Order,
  PlaceOrder,
  Reject,
  ReplaceOrder,
} from '@papertape/protocol'
import { UNITS_PER_CURRENCY } from '@papertape/protocol'
import { firstToken } from '../access/account-tokens.ts'
import { mayRest } from '../matching/admission.ts'
import { Account } from '../model/account.ts'
import { AccountOrder, isFilledByScript } from '../model/account-order.ts'
import { isCall } from '../model/phase.ts'
import { rejectOfEngine, settleEntry, shownLotsAt } from '../orders/book-entry.ts'
import { drawFailure } from '../orders/drawn-failures.ts'
import { checkByModel, enterByModel } from '../orders/model-fills.ts'
import { isAuctionOnly } from '../orders/order-checks.ts'
import { withdraw } from '../orders/order-end.ts'
import { legsOf, roleOf } from '../orders/order-lists.ts'
import { isReject, reject } from '../orders/rejects.ts'
import { release, reserve } from '../orders/reservation.ts'
import { checkLeg, checkPlace, checkReplace, type Terms } from '../orders/risk.ts'
import { startScript } from '../orders/scripted-fills.ts'
import { cancelOrders } from '../phases/cancel-orders.ts'
import { finishCommand } from '../phases/finish-command.ts'
import { assert } from '../primitives/assert.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

/** Opening the same account again does nothing. */
export function openAccount(state: ExchangeState, command: OpenAccount): CommandAnswer {
  const { accountId, tokenHash, tokenId, cash, margin, testing = false } = command
  const answer = { type: 'account.opened', accountId } as const
  const known = state.findAccount(accountId)
  if (known !== undefined) {
    assert(known.tokenHash === tokenHash, 'an account is opened with one token')
    return answer
  }
  assert(state.findToken(tokenHash) === undefined, 'a token opens one account')
  const cashUnits = Math.round(cash * UNITS_PER_CURRENCY)
  assert(Number.isSafeInteger(cashUnits) && cashUnits >= 0, 'the cash of an account can be counted exactly')
  const tokens = [firstToken(tokenHash, tokenId, state.log.ts)]
  const account = new Account(
    accountId,
    state.accounts.length,
    tokenHash,
    tokens,
    cashUnits,
    margin && state.rules.margin,
  )
  account.isTesting = testing
  state.addAccount(account)
  state.conservation.paidIn(cashUnits)
  state.privateLog.markChanged(account)
  return answer
}

export function placeOrder(state: ExchangeState, command: PlaceOrder): Execution {
  const account = state.account(command.accountId)
  assert(account.isTesting || command.testDirective === undefined, 'only an account for tests has directives')
  const failure = drawFailure(state, account, 'place')
  const first = command.known?.answer
  if (first !== undefined) return { ...first, duplicate: true }
  const asked = { ...command, ...fillModelOf(state, account, command) }
  const order = newOrder(state, account, asked)
  const terms = (command.testDirective === undefined ? failure : undefined) ?? checkPlace(state, account, asked)
  if (isReject(terms)) return rejectOrder(state, order, terms)
  const placeLegs = () => {
    for (const leg of legsOf(command)) placeLeg(state, order, leg)
  }
  const answer = enter(state, order, terms, placeLegs)
  finishCommand(state, terms.instrument)
  return answer
}

export function replaceOrder(state: ExchangeState, command: ReplaceOrder): Execution | CancelReject {
  const account = state.account(command.accountId)
  const failure = drawFailure(state, account, 'replace')
  const first = command.known?.answer
  if (first !== undefined) return repeatAnswer(first, command)
  if (failure !== undefined) return cancelReject(failure)
  const order = findOpenOrder(state, account, command)
  if (isReject(order)) return cancelReject(order)
  const size = command.size ?? order.size
  const price = command.price ?? order.price
  const stopPrice = command.stopPrice ?? order.stopPrice
  const terms = checkReplace(state, order, size, price, stopPrice)
  if (isReject(terms)) return cancelReject(terms)
  const { clientOrderId, sessionId = order.sessionId } = command
  const change = { clientOrderId, size, price, stopPrice, sessionId }
  const answer = changeOrder(state, order, change, terms)
  if (!isReject(answer)) finishCommand(state, terms.instrument)
  return isReject(answer) ? cancelReject(answer) : answer
}

export function cancelOrder(state: ExchangeState, command: CancelOrder): Execution | CancelReject {
  const account = state.account(command.accountId)
  const failure = drawFailure(state, account, 'cancel')
  if (failure !== undefined) return cancelReject(failure)
  const order = findOpenOrder(state, account, command)
  if (isReject(order)) return cancelReject(order)
  const answer = withdraw(state, order, 'canceled')
  finishCommand(state, order.instrument)
  return answer
}

export function cancelAllOrders(state: ExchangeState, { accountId, symbol, side }: CancelAllOrders): CommandAnswer {
  const orders = [...state.openOrders.ofAccount(state.account(accountId)).values()].filter(
    order => (symbol === undefined || order.symbol === symbol) && (side === undefined || order.side === side),
  )
  cancelOrders(state, orders)
  return { type: 'canceled', count: orders.length }
}

/** The book and the auctions are the model of every other order. */
function fillModelOf(
  state: ExchangeState,
  { testProfile }: Account,
  { symbol, orderType, timeInForce, orderClass, testDirective = {} }: PlaceOrder,
): Pick<Order, 'fillModel'> {
  const { fillModel = 'queue' } = testProfile ?? {}
  const isForBook = isFilledByScript({ testDirective }) || isAuctionOnly(timeInForce) || orderClass !== undefined
  if (fillModel === 'queue' || isForBook) return {}
  const instrument = state.instrument(symbol)
  return orderType === 'market' && instrument !== undefined && isCall(instrument.phase) ? {} : { fillModel }
}

function newOrder(
  state: ExchangeState,
  account: Account,
  command: PlaceOrder & Pick<Order, 'fillModel'>,
): AccountOrder {
  const orderId = state.nextOrderId(account)
  const listRole = roleOf(command)
  const list = listRole === undefined ? {} : { listId: orderId, listRole }
  const asked = { ...command, ...list, orderId, price: command.price ?? null, ts: state.log.ts }
  const order = new AccountOrder(account, state.instrument(command.symbol), asked)
  order.sessionId = command.sessionId
  return order
}

function enter(state: ExchangeState, order: AccountOrder, terms: Terms, placeLegs: () => void): Execution {
  if (terms.route === 'book') return placeInBook(state, order, terms, placeLegs)
  if (terms.route === 'offBook') return placeOffBook(state, order, terms)
  return placeWaiting(state, order, terms, placeLegs)
}

/** Its script or its model fills it. */
function placeOffBook(state: ExchangeState, order: AccountOrder, terms: Terms): Execution {
  const refused = order.fillModel === undefined ? undefined : checkByModel(state, order, terms)
  if (refused !== undefined) return rejectOrder(state, order, refused)
  const answer = accept(state, order, terms, null)
  state.openOrders.add(order)
  if (order.fillModel === undefined) startScript(state, order)
  else enterByModel(state, order, terms)
  return answer
}

/**
 * Accepts another order of a list: the legs of a bracket are held, the stop-loss of an oco waits for its trade. The ids
 * of a list follow each other: by them the adapters know its class.
 */
function placeLeg(state: ExchangeState, first: AccountOrder, { role, order }: ReturnType<typeof legsOf>[number]): void {
  const terms = checkLeg(state, order)
  assert(!isReject(terms), 'the legs of a list are checked with its order')
  const orderId = state.nextOrderId(first.account)
  const asked = { ...order, orderId, price: order.price ?? null, ts: state.log.ts }
  const list = { listId: first.orderId, listRole: role, ...(first.listRole === 'entry' ? { held: true as const } : {}) }
  const leg = new AccountOrder(first.account, first.instrument, { ...asked, ...list })
  leg.sessionId = first.sessionId
  placeWaiting(state, leg, terms)
}

/** @param placeLegs accepts the other orders of its list, before it trades. */
function placeInBook(state: ExchangeState, order: AccountOrder, terms: Terms, placeLegs: () => void): Execution {
  const { instrument, limit, sizeLots, instruction } = terms
  const aheadLots = shownLotsAt(state, order, limit.ticks)
  const engineId = state.nextEngineId()
  const result = state.bookChanges.placeOrder(order, engineId, limit.ticks, sizeLots, instruction, true)
  if (result < 0) return rejectOrder(state, order, rejectOfEngine(state, result, order, sizeLots, limit))
  const aheadSize = mayRest(instruction) ? instrument.size(aheadLots) : null
  const answer = accept(state, order, terms, aheadSize)
  // Before its legs, as a restored list has them.
  if (order.listId !== undefined) state.openOrders.add(order)
  placeLegs()
  settleEntry(state, order, result, limit)
  return answer
}

/** A stop waits for a trade, an order for the closing auction for its call phase, a held one for its list. */
function placeWaiting(state: ExchangeState, order: AccountOrder, terms: Terms, placeLegs?: () => void): Execution {
  const { openOrders, counters } = state
  const { instrument, route, stopTicks } = terms
  if (order.isTrailing) order.trail(instrument.lastTicks, stopTicks)
  const answer = accept(state, order, terms, null)
  openOrders.add(order)
  order.turn = ++counters.turn
  if (order.held) openOrders.waiting(instrument).held.add(order)
  else if (route === 'stop') {
    openOrders.addStop(order)
    instrument.recheckStops()
  } else openOrders.waiting(instrument).closing.add(order)
  placeLegs?.()
  return answer
}

function accept(state: ExchangeState, order: AccountOrder, terms: Terms, aheadSize: number | null): Execution {
  setTerms(order, terms)
  reserve(state, order)
  if (order.expireTime !== undefined) state.dueAt(order.expireTime)
  const details = { execType: 'new', aheadSize, ...repriceToBand(order, terms) } as const
  return state.privateLog.execution(order, state.log.ts, details)
}

function setTerms(order: AccountOrder, { limit, stopTicks, heldTicks, sizeLots }: Terms): void {
  order.priceTicks = limit.ticks
  order.stopTicks = stopTicks
  order.heldTicks = heldTicks
  order.leavesLots = sizeLots
}

interface ReplaceTerms {
  readonly clientOrderId: string
  readonly size: number
  readonly price: number | null
  readonly stopPrice: number | undefined
  readonly sessionId: string | undefined
}

function changeOrder(
  state: ExchangeState,
  order: AccountOrder,
  change: ReplaceTerms,
  terms: Terms,
): Execution | Reject {
  if (order.engineId !== 0) return replaceInBook(state, order, change, terms)
  const isWatched = order.fillModel !== undefined && !order.isWaitingStop
  return isWatched ? replaceByModel(state, order, change, terms) : replaceWaiting(state, order, change, terms)
}

/** Of an order that waits for a price beside the book: it enters anew. */
function replaceByModel(
  state: ExchangeState,
  order: AccountOrder,
  change: ReplaceTerms,
  terms: Terms,
): Execution | Reject {
  const refused = checkByModel(state, order, terms)
  if (refused !== undefined) return refused
  const answer = confirmReplace(state, order, change, terms, null)
  state.offBook.remove(order)
  enterByModel(state, order, terms)
  return answer
}

/** A waiting order keeps its turn unless its stop price changes. */
function replaceWaiting(state: ExchangeState, order: AccountOrder, change: ReplaceTerms, terms: Terms): Execution {
  const { instrument, stopTicks } = terms
  const isMoved = stopTicks !== order.stopTicks
  const answer = confirmReplace(state, order, change, terms, null)
  if (!isMoved || order.held) return answer
  state.openOrders.removeStop(order)
  order.turn = ++state.counters.turn
  state.openOrders.addStop(order)
  instrument.recheckStops()
  return answer
}

/** An order keeps its place if its price stays and its size does not grow; otherwise it enters the book again. */
function replaceInBook(
  state: ExchangeState,
  order: AccountOrder,
  change: ReplaceTerms,
  terms: Terms,
): Execution | Reject {
  const { bookChanges, queues } = state
  const { instrument, limit, sizeLots, instruction } = terms
  const { priceTicks, shownLots } = order
  const keepsPlace = limit.ticks === priceTicks && sizeLots <= order.leavesLots
  const aheadLots = shownLotsAt(state, order, limit.ticks) - (limit.ticks === priceTicks ? shownLots : 0)
  const result = bookChanges.replaceOrder(order, limit.ticks, sizeLots, instruction)
  if (result < 0) return rejectOfEngine(state, result, order, sizeLots, limit)
  if (keepsPlace) {
    order.sentAheadLots = queues.aheadLots(order)
    return confirmReplace(state, order, change, terms, instrument.size(order.sentAheadLots))
  }
  const answer = confirmReplace(state, order, change, terms, instrument.size(aheadLots))
  settleEntry(state, order, result, limit)
  return answer
}

function confirmReplace(
  state: ExchangeState,
  order: AccountOrder,
  { clientOrderId, size, price, stopPrice, sessionId }: ReplaceTerms,
  terms: Terms,
  aheadSize: number | null,
): Execution {
  const origClientOrderId = order.clientOrderId
  release(state, order, order.leavesLots)
  order.replace(clientOrderId, size, price, stopPrice, state.log.ts)
  order.sessionId = sessionId
  setTerms(order, terms)
  reserve(state, order)
  const details = { execType: 'replaced', origClientOrderId, aheadSize, ...repriceToBand(order, terms) } as const
  return state.privateLog.execution(order, state.log.ts, details)
}

/** An order that may rest gets the price of the band where its own limit lies outside. */
function repriceToBand(order: AccountOrder, { instrument, limit, instruction }: Terms): { readonly reason?: Reject } {
  const { why, ticks } = limit
  if (why === undefined || order.price === null || !mayRest(instruction)) return {}
  order.price = instrument.price(ticks)
  return { reason: why() }
}

function rejectOrder(state: ExchangeState, order: AccountOrder, reason: Reject): Execution {
  order.status = 'rejected'
  return state.privateLog.execution(order, state.log.ts, { execType: 'rejected', reason })
}

/** A repeated replace gets its first answer; a clientOrderId that something else has used is rejected. */
function repeatAnswer(answer: Execution, command: ReplaceOrder): Execution | CancelReject {
  const isSame =
    'orderId' in command ? answer.orderId === command.orderId : answer.origClientOrderId === command.origClientOrderId
  if (answer.execType === 'replaced' && isSame) return { ...answer, duplicate: true }
  return cancelReject(reject.duplicateClientOrderId(command.clientOrderId, answer.orderId))
}

function findOpenOrder(
  { openOrders, offBook }: ExchangeState,
  account: Account,
  command: ReplaceOrder | CancelOrder,
): AccountOrder | Reject {
  const { order: known } = command.known ?? {}
  const orderId = 'orderId' in command ? command.orderId : known?.orderId
  const order = orderId === undefined ? undefined : openOrders.ofAccount(account).get(orderId)
  if (order !== undefined) return order
  const late = orderId === undefined ? undefined : offBook.late(account, orderId)
  if (late !== undefined) return reject.alreadyDone(late.orderId, late.status)
  if (known?.ended !== undefined) return reject.alreadyDone(known.orderId, known.ended)
  return reject.unknownOrder('orderId' in command ? command.orderId : command.origClientOrderId)
}

function cancelReject(reason: Reject): CancelReject {
  return { type: 'cancel.reject', ...reason }
}
