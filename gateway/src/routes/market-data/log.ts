// Pages of the log by REST: all past events from one on, whole, and the same at any time, so that browsers and shared
// caches keep them. The newest events are no page yet: they come over the feed.

import { eventFrame, type Feed, frameJson } from '@papertape/feed'
import { LOG_PAGE_EVENTS } from '@papertape/protocol'
import { LogAnswer } from '@papertape/protocol/schemas'
import type { EncodedEvent } from '@papertape/venue'
import Type from 'typebox'
import { CodedError } from '../../errors/coded-error.ts'
import { defineRoute, type Route } from '../route.ts'
import { TAGS } from '../route-parts.ts'

const YEAR_S = 365 * 86_400
/** Streams that resume read the journal in the same line. */
const READS_WAITING_MAX = 16
const READ_RETRY_MS = 1_000

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
  problems: ['unknown-page', 'busy'],
} as const

export function logRoute({ log }: Pick<Feed, 'log'>): Route {
  /** The end of a page; undefined when it is no longer kept. @throws {CodedError} busy */
  async function read(from: number, to: number): Promise<readonly EncodedEvent[] | undefined> {
    const inMemory = log.inMemory(from, to - from + 1)
    if (inMemory !== undefined) return inMemory
    if (log.readsWaiting >= READS_WAITING_MAX) {
      throw new CodedError('busy', 'many read the journal now; ask again', READ_RETRY_MS)
    }
    // From the page's first: all that ask for a part of it share one read.
    const first = Math.max(log.oldest, to - LOG_PAGE_EVENTS + 1)
    return (await log.inJournal(first, LOG_PAGE_EVENTS))?.slice(from - first)
  }

  return defineRoute('GET /log/:epoch/:from', logSchema, ({ params: { epoch, from }, sender }) => {
    // Of errors: the page may be there soon.
    sender.setHeaders({ 'cache-control': 'no-store' })
    const to = Math.ceil(from / LOG_PAGE_EVENTS) * LOG_PAGE_EVENTS
    const unknown = (detail: string) => new CodedError('unknown-page', detail)
    const expired = () => unknown(`the oldest event that is kept is ${log.oldest}`)
    if (epoch !== log.epoch) throw unknown(`the log is of epoch ${log.epoch}; events of ${epoch} are not kept`)
    if (to > log.head)
      throw unknown(`the page ends with event ${to}, the log with ${log.head}; /v1/stream has the newest`)
    if (from < log.oldest) throw expired()
    return {
      status: 200,
      // Weak: it has the same events whatever its encoding.
      cached: { etag: `W/"${epoch}-${from}-${to}"`, cacheControl: `public, max-age=${YEAR_S}, immutable` },
      async json() {
        const events = await read(from, to)
        if (events === undefined) throw expired()
        // Caches would keep a hole for a year.
        if (events.length !== to - from + 1) throw new Error(`page ${from} of the log has ${events.length} events`)
        return encodePage(epoch, from, to, events)
      },
    }
  })
}

/** As LogAnswer has it, with the data as it was stored. */
function encodePage(epoch: string, from: number, to: number, events: readonly EncodedEvent[]): string {
  const encoded = events.map(event => frameJson(eventFrame(epoch, event)))
  return `{"epoch":"${epoch}","from":${from},"to":${to},"events":[${encoded.join(',')}]}`
}
