// Deposits of paper money by REST.

import { DEPOSITS_MAX, fromCurrency } from '@papertape/protocol'
import { Deposit, NewDeposit } from '@papertape/protocol/schemas'
import type { KnownAccount } from '../../accounts/accounts.ts'
import { CodedError } from '../../errors/coded-error.ts'
import type { VenuePort } from '../../venue-client.ts'
import { defineRoute, type Route, type Sender } from '../route.ts'
import { rejectAnswer, TAGS, TRADER_ONLY } from '../route-parts.ts'

const depositSchema = {
  operationId: 'depositCash',
  summary: 'Adds paper money to the account',
  description:
    `${DEPOSITS_MAX} in 24 hours at most. Sent again with the same clientDepositId it returns the first answer again, with ` +
    'status 200 and duplicate: true.',
  body: NewDeposit,
  response: { 200: Deposit, 201: Deposit },
  rejects: true,
  tags: [TAGS.account],
  ...TRADER_ONLY,
  problems: [...TRADER_ONLY.problems, 'bad-request'] as const,
}

export interface DepositRouteDeps {
  readonly venue: VenuePort
  /** The account of the sender, who may trade and whose commands are limited. */
  readonly trader: (sender: Sender) => Promise<KnownAccount>
}

export function depositRoute({ venue, trader }: DepositRouteDeps): Route {
  return defineRoute('POST /account/deposits', depositSchema, async ({ body, sender }) => {
    const { accountId } = await trader(sender)
    const { clientDepositId, amount } = body
    if (fromCurrency(amount) === undefined) {
      throw new CodedError('bad-request', `amount ${amount} is not a whole number of ten-thousandths (0.0001)`)
    }
    const command = { type: 'account.deposit', accountId, clientDepositId, amount } as const
    const answer = await venue.submit(command).answer
    if (answer.type === 'deposit.reject') return rejectAnswer(answer)
    if (answer.type !== 'deposit') throw new Error(`account.deposit was answered with ${answer.type}`)
    return { status: answer.duplicate === true ? 200 : 201, body: answer }
  })
}
