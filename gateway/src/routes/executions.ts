// What happened to the orders of an account, from its private stream: the executions of an order, the fills of all.

import { describeReset } from '@papertape/feed'
import { type Execution, formatPosition, type PrivateEvent, type Reset } from '@papertape/protocol'
import { ExecutionsAnswer, FillsAnswer } from '@papertape/protocol/schemas'
import type { EncodedPrivateEvent } from '@papertape/venue'
import Type from 'typebox'
import type { KnownAccount } from '../accounts/accounts.ts'
import type { VenuePort } from '../venue-client.ts'
import { defineRoute, ok, type Route, type Sender } from './route.ts'
import { ACCOUNT_ONLY, ORDER_ONLY, orderParameter, TAGS, unknownOrder } from './route-parts.ts'

const FILLS_PAGE = 1_000
/** Private events that a page of an order's executions is looked for in, read so many at once. */
const EXECUTIONS_SPAN = { events: 10_000, atOnce: 1_000 }

const tags = [TAGS.account]

const executionsSchema = {
  operationId: 'listExecutions',
  summary: 'All executions of an order of the account, oldest first',
  description: 'A page may be empty before the last one: go on until `after` is null.',
  params: orderParameter,
  querystring: Type.Object({
    after: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Only executions whose seq in the private stream is above' }),
    ),
  }),
  response: { 200: ExecutionsAnswer },
  tags,
  ...ORDER_ONLY,
}

const fillsSchema = {
  operationId: 'listFills',
  summary: 'Fills of the account, oldest first',
  description: 'A page may be empty before the last one: go on while `after` grows.',
  querystring: Type.Object({
    after: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Only fills whose seq in the private stream is above' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: FILLS_PAGE, default: FILLS_PAGE, description: 'Number of fills at most' }),
    ),
  }),
  response: { 200: FillsAnswer },
  tags,
  ...ACCOUNT_ONLY,
}

export interface ExecutionRoutesDeps {
  readonly venue: VenuePort
  readonly privateEpoch: () => string
  /** The account of the sender, whose reads are limited. */
  readonly reader: (sender: Sender) => Promise<KnownAccount>
}

export function executionRoutes({ venue, privateEpoch, reader }: ExecutionRoutesDeps): readonly Route[] {
  /** Says that events after this one are no longer kept. */
  const resetAfter = async (accountId: string, after: number): Promise<{ readonly reset?: Reset }> => {
    const { oldest, lastSeq } = (await venue.query('privateRange', { accountId }))!
    if (after >= oldest - 1) return {}
    const epoch = privateEpoch()
    return { reset: describeReset('expired', formatPosition(epoch, after), { epoch, oldest, head: lastSeq }) }
  }

  return [
    defineRoute('GET /orders/:id/executions', executionsSchema, async ({ params: { id }, query, sender }) => {
      const { accountId } = await reader(sender)
      const span = await venue.query('orderSpan', { accountId, orderId: id })
      if (span === undefined) throw unknownOrder(id)
      const executions: Execution[] = []
      const reset = await resetAfter(accountId, Math.max(query.after ?? 0, span.firstSeq - 1))
      let reached = Math.max(query.after ?? 0, span.firstSeq - 1)
      const end = Math.min(span.lastSeq, reached + EXECUTIONS_SPAN.events)
      while (reached < end) {
        const limit = Math.min(EXECUTIONS_SPAN.atOnce, end - reached)
        const events = await venue.query('privateEvents', { accountId, from: reached + 1, limit })
        executions.push(...executionsIn(events).filter(({ orderId }) => orderId === id))
        reached += limit
      }
      return ok({ executions, after: reached < span.lastSeq ? reached : null, ...reset })
    }),

    defineRoute('GET /fills', fillsSchema, async ({ query, sender }) => {
      const { accountId } = await reader(sender)
      const { after = 0, limit = FILLS_PAGE } = query
      const events = await venue.query('privateEvents', { accountId, from: after + 1, limit: FILLS_PAGE })
      const fills = executionsIn(events).filter(({ execType }) => /fill/i.test(execType))
      // The next page starts after the last fill of a full page, else after the last event that was read.
      const isCut = fills.length > limit
      const page = fills.slice(0, limit)
      const reset = await resetAfter(accountId, after)
      return ok({ fills: page, after: (isCut ? page : events).at(-1)?.seq ?? after, ...reset })
    }),
  ]
}

function executionsIn(events: readonly EncodedPrivateEvent[]): Execution[] {
  return events.map(({ data }) => JSON.parse(data) as PrivateEvent).filter(event => event.type === 'execution')
}
