// Whether an order may have its testDirective: its account was made for tests, and the outcomes go together. Pure.
// Called before the order is sent to the exchange, over the socket and REST.

import type { NewOrder } from '@papertape/protocol'
import type { KnownAccount } from '../accounts/accounts.ts'
import { CodedError } from '../errors/coded-error.ts'

/** @throws {CodedError} not-testing */
export function requireTesting({ testing }: KnownAccount, what: string): void {
  if (testing === true) return
  throw new CodedError(
    'not-testing',
    `${what} is for an account that was made for tests: POST /v1/accounts {"testing": true}; this one was not`,
  )
}

/** @throws {CodedError} not-testing, bad-request */
export function requireDirective(account: KnownAccount, order: NewOrder, transport: 'socket' | 'rest'): void {
  const { testDirective } = order
  if (testDirective === undefined) return
  requireTesting(account, 'a testDirective')
  const { rejectCode, fill, fillAfterCancel, ackDelayMs, loseAck, disconnect } = testDirective
  if (rejectCode !== undefined && (fill ?? fillAfterCancel) !== undefined) refuse('a rejected order has no fills')
  if (fill !== undefined) requireFillable('fill', order, fill.size)
  if (fillAfterCancel !== undefined) {
    requireFillable('fillAfterCancel', order, fillAfterCancel.size)
    if (!mayBeCanceled(order)) refuse('fillAfterCancel is for a limit order that may be canceled: not IOC, FOK')
  }
  if (loseAck !== undefined && ackDelayMs !== undefined) refuse('an answer that is lost has no ackDelayMs')
  if (disconnect !== undefined && transport === 'rest') {
    refuse('disconnect ends the WebSocket that sent the order: send it over /v1/socket, or use loseAck')
  }
}

function requireFillable(
  name: string,
  { orderType, timeInForce, size, orderClass }: NewOrder,
  filledSize = size,
): void {
  const isForAuction = timeInForce === 'OPG' || timeInForce === 'CLS'
  if ((orderType !== 'limit' && orderType !== 'market') || isForAuction) {
    refuse(`${name} is for a limit or market order that is not for an auction`)
  }
  if (orderClass !== undefined) refuse(`${name} is for an order by itself, not one with orderClass ${orderClass}`)
  if (filledSize > size) refuse(`${name} has size ${filledSize}, more than the order: ${size}`)
}

function mayBeCanceled({ orderType, timeInForce }: NewOrder): boolean {
  return orderType === 'limit' && timeInForce !== 'IOC' && timeInForce !== 'FOK'
}

function refuse(text: string): never {
  throw new CodedError('bad-request', `testDirective: ${text}`)
}
