// Pages of the log by REST: all past events from one on, whole, and the same at any time, so that browsers and shared
// caches keep them. The newest events are no page yet: they come over the feed.

import type { Feed } from '@papertape/feed'
import { formatPosition, LOG_PAGE_EVENTS } from '@papertape/protocol'
import { LogAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import { CodedError } from '../../errors/coded-error.ts'
import { defineRoute, type Route } from '../route.ts'
import { TAGS } from '../route-parts.ts'

const YEAR_S = 365 * 86_400

const logSchema = {
  operationId: 'getLogPage',
  summary: 'A page of past events, which never changes',
  description:
    `All events from a number to the next multiple of ${LOG_PAGE_EVENTS}, oldest first, for any cache to keep. The next page ` +
    `starts at \`to\` + 1. A page that is not full yet is not found: go on from there with \`GET /v1/stream?mode=raw\` or ` +
    `\`GET /v1/poll\`, whose \`last\` is the id of the last event.`,
  tags: [TAGS.feed],
  params: Type.Object({
    epoch: Type.String({ description: 'The generation of the log, as in ids' }),
    from: Type.Integer({ minimum: 1, description: 'The seq of the first event' }),
  }),
  response: { 200: LogAnswer },
  problems: ['unknown-page'],
} as const

export function logRoute({ log }: Pick<Feed, 'log'>): Route {
  return defineRoute('GET /log/:epoch/:from', logSchema, async ({ params: { epoch, from }, sender }) => {
    const to = Math.ceil(from / LOG_PAGE_EVENTS) * LOG_PAGE_EVENTS
    const unknown = (detail: string) => {
      // The page may be there soon.
      sender.setHeaders({ 'cache-control': 'no-store' })
      return new CodedError('unknown-page', detail)
    }
    if (epoch !== log.epoch) throw unknown(`the log is of epoch ${log.epoch}; events of ${epoch} are not kept`)
    if (to > log.head)
      throw unknown(`the page ends with event ${to}, the log with ${log.head}; /v1/stream has the newest`)
    const isKept = from >= log.oldest
    const events = isKept
      ? (log.inMemory(from, to - from + 1) ?? (await log.inJournal(from, LOG_PAGE_EVENTS)))
      : undefined
    if (events === undefined) throw unknown(`the oldest event that is kept is ${log.oldest}`)
    sender.setHeaders({ 'cache-control': `public, max-age=${YEAR_S}, immutable` })
    const body: LogAnswer = {
      epoch,
      from,
      to,
      events: events.map(({ seq, event, data }) => ({ id: formatPosition(epoch, seq), event, data: JSON.parse(data) })),
    }
    // Weak: it has the same events whatever its encoding.
    return { status: 200, body, etag: `W/"${epoch}-${from}-${to}"` }
  })
}
