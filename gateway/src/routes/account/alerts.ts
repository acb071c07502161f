// The alerts of an account: created and deleted by a token that may trade, listed by any. They are delivered on the
// account's private stream.

import { ALERT_LIMITS, type AlertAnswer as Answer, type Command, type CommandAnswer } from '@papertape/protocol'
import { AlertAnswer, AlertsAnswer, NewAlert } from '@papertape/protocol/schemas'
import Type from 'typebox'
import type { KnownAccount } from '../../accounts/accounts.ts'
import { alertCommand } from '../../alerts/alert-command.ts'
import { CodedError } from '../../errors/coded-error.ts'
import type { VenuePort } from '../../venue-client.ts'
import { defineRoute, ok, type Route, type Sender } from '../route.ts'
import { ACCOUNT_ONLY, rejectAnswer, TAGS, TRADER_ONLY } from '../route-parts.ts'

const tags = [TAGS.account]
const { activeMax, endedListed } = ALERT_LIMITS

const createSchema = {
  operationId: 'createAlert',
  summary: 'Creates an alert',
  description:
    'It triggers once: priceCrosses at the first trade at or beyond its price, as seen from the last trade; priceMoves ' +
    'at the first trade so many percent above or below the last one; orderFills at the first fill, also in part; halts ' +
    'when the instrument is halted or paused; resumes when it trades again. The message alert on the private stream ' +
    `says so, also to a client that was away. An account has ${activeMax} active ones at most. A clientAlertId that is ` +
    'sent again gets its alert, with status 200 and duplicate: true.',
  body: NewAlert,
  response: { 200: AlertAnswer, 201: AlertAnswer },
  rejects: true,
  tags,
  ...TRADER_ONLY,
  problems: [...TRADER_ONLY.problems, 'bad-parameter'] as const,
} as const

const listSchema = {
  operationId: 'listAlerts',
  summary: 'The alerts of the account, newest first',
  description: `The active ones, and the last ${endedListed} that have ended.`,
  response: { 200: AlertsAnswer },
  tags,
  ...ACCOUNT_ONLY,
}

const deleteSchema = {
  operationId: 'deleteAlert',
  summary: 'Deletes an alert',
  description: 'An active one does not trigger any more; one that has ended is listed no longer.',
  params: Type.Object({ id: Type.String({ description: 'The alertId' }) }),
  response: { 204: Type.Null({ description: 'The account has the alert no longer' }) },
  tags,
  ...TRADER_ONLY,
  problems: [...TRADER_ONLY.problems, 'unknown-alert'] as const,
} as const

export interface AlertRoutesDeps {
  readonly venue: VenuePort
  /** The account of the sender, whose requests are limited. */
  readonly reader: (sender: Sender) => Promise<KnownAccount>
  readonly trader: (sender: Sender) => Promise<KnownAccount>
}

export function alertRoutes({ venue, reader, trader }: AlertRoutesDeps): readonly Route[] {
  const submit = (command: Command): Promise<CommandAnswer> => venue.submit(command).answer
  return [
    defineRoute('POST /alerts', createSchema, async ({ body, sender }) => {
      const { accountId } = await trader(sender)
      const answer = await submit(alertCommand(accountId, body))
      if (answer.type === 'alert.reject') return rejectAnswer(answer)
      if (answer.type !== 'account.alert') throw new Error(`alert.create was answered with ${answer.type}`)
      if (answer.duplicate !== true) return { status: 201, body: answer.alert }
      return ok({ ...answer.alert, duplicate: true } as Answer)
    }),

    defineRoute('GET /alerts', listSchema, async ({ sender }) => {
      const { accountId } = await reader(sender)
      return ok({ alerts: await venue.query('alerts', { accountId }) })
    }),

    defineRoute('DELETE /alerts/:id', deleteSchema, async ({ params: { id }, sender }) => {
      const { accountId } = await trader(sender)
      const answer = await submit({ type: 'alert.delete', accountId, alertId: id })
      if (answer.type === 'account.alert' && answer.alert !== null) return { status: 204 }
      throw new CodedError('unknown-alert', `this account has no alert ${id}; GET /v1/alerts lists them`)
    }),
  ]
}
