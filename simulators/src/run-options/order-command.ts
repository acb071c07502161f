// What a user of a run may send: the order channel's own messages, by its own schemas, as commands of an account. For
// files of users' orders and for lockstep sessions.

import { type Command, type OpenAccount, orderDefaults, type PlaceOrder } from '@papertape/protocol'
import { INBOUND } from '@papertape/protocol/schemas'
import Type from 'typebox'

/** Default cash of a new account. */
export const ACCOUNT_CASH = 1_000_000

/** The account of a run is not for tests. */
const { testDirective: _, ...PLACE_FIELDS } = INBOUND['order.place'].properties

/** By their type. The other messages of the channel are about its connection, or go by the wall clock. */
export const ORDER_MESSAGES = {
  'order.place': Type.Object(PLACE_FIELDS, { additionalProperties: false }),
  'order.replace': INBOUND['order.replace'],
  'order.cancel': INBOUND['order.cancel'],
  'order.cancelAll': INBOUND['order.cancelAll'],
} as const

/** @param message is valid. */
export function orderCommand(accountId: string, message: Readonly<Record<string, unknown>>): Command {
  const { requestId: _, ...fields } = message
  if (message.type !== 'order.place') return { ...fields, accountId } as Command
  const { orderType } = message as Pick<PlaceOrder, 'orderType'>
  return { ...orderDefaults(orderType), ...fields, accountId } as PlaceOrder
}

/** Nobody logs on in a run: the hash of the token only has to be unique. */
export function accountOpening(accountId: string, terms: Pick<OpenAccount, 'cash' | 'margin'>): OpenAccount {
  return { type: 'account.open', accountId, tokenHash: accountId, ...terms }
}
