// Deposits of paper money by REST.

import { fromCurrency, rejectProblem } from '@papertape/protocol'
import { Deposit, NewDeposit } from '@papertape/protocol/schemas'
import { CodedError } from '../../errors/coded-error.ts'
import type { VenuePort } from '../../venue-client.ts'
import { defineRoute, type Route, type Sender } from '../route.ts'
import { TAGS, TRADER_ONLY } from '../route-parts.ts'

const depositSchema = {
  operationId: 'depositCash',
  summary: 'Adds paper money to the account',
  description:
    'Twenty in 24 hours at most. Sent again with the same clientDepositId it returns the first answer again, with ' +
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
  readonly accountOf: (sender: Sender) => Promise<string>
}

export function depositRoute({ venue, accountOf }: DepositRouteDeps): Route {
  return defineRoute('POST /account/deposits', depositSchema, async ({ body, sender }) => {
    const accountId = await accountOf(sender)
    const { clientDepositId, amount } = body
    if (fromCurrency(amount) === undefined) {
      throw new CodedError('bad-request', `amount ${amount} is not a whole number of ten-thousandths (0.0001)`)
    }
    const command = { type: 'account.deposit', accountId, clientDepositId, amount } as const
    const answer = await venue.submit(command).answer
    if (answer.type === 'deposit') return { status: answer.duplicate === true ? 200 : 201, body: answer }
    if (answer.type !== 'deposit.reject') throw new Error(`a deposit was answered with ${answer.type}`)
    const { type: _, ...reason } = answer
    return { status: 422, mediaType: 'application/problem+json', body: rejectProblem(reason) }
  })
}
