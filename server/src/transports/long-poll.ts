// The feed by long poll: for readers whose network passes no open response. Each answer is a stretch of the log, put
// together just as a stream would have sent it.

import { type FeedRequest, formatPosition, type PollAnswer, parsePosition } from '@papertape/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CodedError } from '../errors.ts'
import { Conflation } from '../feed/conflation.ts'
import type { Feed } from '../feed/feed.ts'
import { createFilter, type Filter, isConflated } from '../feed/filter.ts'
import { eventFrame, type Frame } from '../feed/frame.ts'
import { FEED_LISTS, FEED_PARAMETERS, type FeedParameters, parseFeedRequest } from '../feed/request.ts'
import type { EncodedEvent } from '../venue/messages.ts'

const WAIT_MAX_S = 30
const WAIT_STANDARD_S = 25
/** One answer covers so much of the log at most; the reader asks again for the rest. */
const STRETCH_EVENTS_MAX = 4_096

export function longPollRoutes(app: FastifyInstance, { feed }: { feed: Feed }): void {
  const config = { parameters: [...FEED_PARAMETERS, 'wait'], lists: FEED_LISTS }
  app.get('/poll', { config }, async (request, reply): Promise<void> => {
    const query = request.query as FeedParameters & { wait?: string }
    const lastEventId = request.headers['last-event-id'] as string | undefined
    const feedRequest = parseFeedRequest(query, feed.view.symbols, lastEventId)
    const waitMs = parseWait(query.wait) * 1_000
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
    // What would be waited for is not sent to a HEAD anyway.
    const body = request.method === 'HEAD' ? '' : await answer(feed, feedRequest, waitMs, request)
    await reply.send(body)
  })
}

function parseWait(given: string | undefined): number {
  if (given === undefined || given === '') return WAIT_STANDARD_S
  const wait = Number(given)
  if (!(wait >= 0))
    throw new CodedError('bad-parameter', `wait is a number of seconds from 0 to ${WAIT_MAX_S}, not ${given}`)
  return Math.min(wait, WAIT_MAX_S)
}

async function answer(feed: Feed, request: FeedRequest, waitMs: number, http: FastifyRequest): Promise<string> {
  const filter = createFilter(request)
  if (request.last === undefined) return encodeAnswer({ last: headOf(feed), ...snapshotOf(feed, filter) }, [])
  const position = parsePosition(request.last)
  const refused = feed.refuse(position)
  if (position === undefined || refused !== undefined)
    return resetAnswer(feed, filter, request.last, refused ?? 'bad-id')
  const startMs = feed.clock.nowMs()
  const deadlineMs = startMs + waitMs
  // What is folded leaves at most maxHz times a second, also for a reader that asks again at once.
  const foldedFromMs = Math.min(deadlineMs, startMs + (request.maxHz === null ? 0 : 1_000 / request.maxHz))
  let from = position.seq + 1
  for (;;) {
    const stretch = await readStretch(feed, from)
    if (stretch === undefined) return resetAnswer(feed, filter, request.last, 'expired')
    const frames = foldStretch(feed, request, filter, stretch)
    const nowMs = feed.clock.nowMs()
    const isWorthAnswering =
      frames.some(frame => frame.id !== undefined) || (frames.length > 0 && nowMs >= foldedFromMs)
    // At the end of the server nobody waits any longer: it is answered with what there is.
    if (isWorthAnswering || nowMs >= deadlineMs || http.raw.destroyed || feed.isClosing) {
      return encodeAnswer({ last: formatPosition(feed.log.epoch, from + stretch.length - 1) }, frames)
    }
    if (frames.length > 0) await grownBy(feed, foldedFromMs - nowMs, http)
    else from += stretch.length
    if (from > feed.log.head) await grownBy(feed, deadlineMs - nowMs, http)
  }
}

async function readStretch(feed: Feed, from: number): Promise<EncodedEvent[] | undefined> {
  return feed.log.inMemory(from, STRETCH_EVENTS_MAX) ?? (await feed.log.inJournal(from, STRETCH_EVENTS_MAX))
}

/** Raw: every event. Otherwise what is never folded in order, then each quote and book once, as the newest state. */
function foldStretch(feed: Feed, request: FeedRequest, filter: Filter, stretch: readonly EncodedEvent[]): Frame[] {
  const frames: Frame[] = []
  const conflation = request.maxHz === null ? undefined : new Conflation()
  for (const event of stretch) {
    if (!filter.takes(event)) continue
    if (conflation !== undefined && isConflated(event.event)) conflation.hold(event)
    else frames.push(eventFrame(feed.log.epoch, event))
  }
  return conflation === undefined ? frames : [...frames, ...conflation.due()]
}

function resetAnswer(
  feed: Feed,
  filter: Filter,
  requested: string,
  reason: 'bad-id' | 'epoch' | 'expired' | 'ahead',
): string {
  const { epoch, oldest, head } = feed.log
  return encodeAnswer(
    { last: headOf(feed), reset: { reason, requested, epoch, oldest, head }, ...snapshotOf(feed, filter) },
    [],
  )
}

function headOf(feed: Feed): string {
  return formatPosition(feed.log.epoch, feed.log.head)
}

function snapshotOf(feed: Feed, filter: Filter): Pick<PollAnswer, 'snapshot'> {
  return { snapshot: feed.view.snapshot(headOf(feed), filter) }
}

/** The events' data is encoded already: the answer is put together around it. */
function encodeAnswer(head: Omit<PollAnswer, 'events'>, frames: readonly Frame[]): string {
  const events = frames.map(({ id, event, data }) => {
    const named = id === undefined ? '' : `"id":"${id}",`
    return `{${named}"event":"${event}","data":${data}}`
  })
  return `${JSON.stringify(head).slice(0, -1)},"events":[${events.join(',')}]}`
}

/** Waits for the log to grow, the time to pass, or the reader to leave. */
function grownBy(feed: Feed, waitMs: number, http: FastifyRequest): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      takeBack()
      http.raw.off('close', done)
      resolve()
    }
    const timer = setTimeout(done, waitMs)
    const takeBack = feed.onceGrown(done)
    http.raw.once('close', done)
  })
}
