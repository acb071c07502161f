// The feed by long poll: for readers whose network passes no open response. Each answer is a stretch of the log, put
// together just as a stream would have sent it. All that a poll computes is done in its turn of the feed's replay queue.

import {
  BUSY_RETRY_MS,
  Conflation,
  createFilter,
  describeReset,
  eventFrame,
  type Feed,
  type Filter,
  type Frame,
  filterKey,
  isConflated,
  planResume,
} from '@papertape/feed'
import { type FeedRequest, formatPosition, type PollAnswer } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { CodedError } from '../errors/coded-error.ts'
import { FEED_LISTS, FEED_PARAMETERS, type FeedParameters, parseFeedRequest, toNumber } from './feed-request.ts'

const WAIT_MAX_S = 30
const WAIT_STANDARD_S = 25
/** So much of the log is looked at in one turn, and covered by one answer, at most; the reader asks again for the rest. */
const STRETCH_EVENTS_MAX = 512

export function longPollRoutes(app: FastifyInstance, { feed }: { feed: Feed }): void {
  const config = { parameters: [...FEED_PARAMETERS, 'wait'], lists: FEED_LISTS }
  const stretches = new StretchCache(feed)
  app.get('/poll', { config }, async (request, reply): Promise<void> => {
    const query = request.query as FeedParameters & { wait?: string }
    const lastEventId = request.headers['last-event-id'] as string | undefined
    const feedRequest = parseFeedRequest(query, feed.view.symbols, lastEventId)
    const waitMs = parseWait(query.wait) * 1_000
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
    // What would be waited for is not sent to a HEAD anyway.
    const body = request.method === 'HEAD' ? '' : await answer(feed, feedRequest, waitMs, reply, stretches)
    await reply.send(body)
  })
}

function parseWait(given: string | undefined): number {
  if (given === undefined || given === '') return WAIT_STANDARD_S
  const wait = toNumber(given)
  if (!(wait >= 0))
    throw new CodedError('bad-parameter', `wait is a number of seconds from 0 to ${WAIT_MAX_S}, not ${given}`)
  return Math.min(wait, WAIT_MAX_S)
}

async function answer(
  feed: Feed,
  request: FeedRequest,
  waitMs: number,
  reply: FastifyReply,
  stretches: StretchCache,
): Promise<string> {
  const plan = planResume(request.last, feed.log)
  if (plan.kind === 'fresh') return encodeAnswer({ last: headOf(feed), ...snapshotOf(feed, request) })
  if (plan.kind === 'reset') {
    return encodeAnswer({ last: headOf(feed), reset: plan.reset, ...snapshotOf(feed, request) })
  }
  if (feed.isFull) {
    throw new CodedError('busy', `all ${feed.streamsMax} streams are taken; poll again later`, BUSY_RETRY_MS)
  }
  const over = new AbortController()
  const giveBack = feed.holdPoll(() => over.abort())
  // Until the answer is out, or the reader has gone.
  reply.raw.once('finish', giveBack)
  reply.raw.once('close', () => {
    giveBack()
    over.abort()
  })
  return answerAfter(feed, request, plan.afterSeq, waitMs, over.signal, stretches)
}

/** @param over aborted when the poll is to be answered with what there is. */
async function answerAfter(
  feed: Feed,
  request: FeedRequest,
  afterSeq: number,
  waitMs: number,
  over: AbortSignal,
  stretches: StretchCache,
): Promise<string> {
  const { log, clock } = feed
  const startMs = clock.nowMs()
  const deadlineMs = startMs + waitMs
  // What is folded leaves at most maxHz times a second, also for a reader that asks again at once.
  const foldedFromMs = Math.min(deadlineMs, startMs + (request.maxHz === null ? 0 : 1_000 / request.maxHz))
  const unfolded = { ...request, events: request.events.filter(event => !isConflated(event)) }
  let from = afterSeq + 1
  for (;;) {
    const fetched = log.inMemory(from, 0) === undefined ? await log.inJournal(from, STRETCH_EVENTS_MAX) : 'in memory'
    if (fetched === undefined) {
      const reset = describeReset('expired', request.last!, log)
      return encodeAnswer({ last: headOf(feed), reset, ...snapshotOf(feed, request) })
    }
    const stretch = await inTurn(feed, () =>
      stretches.read(request, from, fetched === 'in memory' ? undefined : fetched),
    )
    const nowMs = clock.nowMs()
    const isOver = nowMs >= deadlineMs || over.aborted || feed.isClosing
    const isWorthAnswering = stretch.hasUnfolded || (stretch.hasFrames && nowMs >= foldedFromMs)
    if (isOver || isWorthAnswering) {
      return encodeAnswer({ last: formatPosition(log.epoch, stretch.upTo) }, stretch.events)
    }
    if (stretch.hasFrames) await nextTaken(feed, unfolded, foldedFromMs - nowMs, over)
    else {
      from = stretch.upTo + 1
      // Nothing between here and what wakes it is for this reader.
      if (from > log.head) from = (await nextTaken(feed, request, deadlineMs - nowMs, over)) ?? log.head + 1
    }
  }
}

/** Does a piece of work when the feed has time for it. */
function inTurn<T>(feed: Feed, work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    feed.replays.add(() => {
      try {
        resolve(work())
      } catch (error) {
        reject(error)
      }
    })
  })
}

/** The number of the next event that the request takes; undefined when the time has passed or the poll is over. */
function nextTaken(feed: Feed, request: FeedRequest, waitMs: number, over: AbortSignal): Promise<number | undefined> {
  return new Promise(resolve => {
    const done = (seq?: number) => {
      clearTimeout(timer)
      takeBack()
      over.removeEventListener('abort', onOver)
      resolve(seq)
    }
    const onOver = () => done()
    const timer = setTimeout(done, waitMs)
    const takeBack = feed.onceTaken(request, done)
    over.addEventListener('abort', onOver)
  })
}

interface Stretch {
  /** The last event that was looked at; one before the first when there was none. */
  readonly upTo: number
  readonly hasFrames: boolean
  /** Whether something in it is never folded, and so leaves at once. */
  readonly hasUnfolded: boolean
  /** The answer's events, encoded. */
  readonly events: string
}

/** Stretches up to the head as they go out: polls that wait for the same are answered with the same bytes. */
class StretchCache {
  readonly #feed: Feed
  readonly #stretches = new Map<string, Stretch>()
  #head = -1

  constructor(feed: Feed) {
    this.#feed = feed
  }

  /** @param fetched the events from `from` on, when they are no longer in memory. */
  read(request: FeedRequest, from: number, fetched?: readonly EncodedEvent[]): Stretch {
    const { log } = this.#feed
    const events = fetched ?? log.inMemory(from, STRETCH_EVENTS_MAX)
    // Overtaken by more than the memory holds since it was looked up: read again from the journal.
    if (events === undefined) return { upTo: from - 1, hasFrames: false, hasUnfolded: false, events: '' }
    if (this.#head !== log.head) this.#stretches.clear()
    this.#head = log.head
    const key = `${from} ${filterKey(request)}`
    let stretch = this.#stretches.get(key)
    if (stretch === undefined) {
      stretch = encodeStretch(log.epoch, request, from, events)
      this.#stretches.set(key, stretch)
    }
    return stretch
  }
}

function encodeStretch(epoch: string, request: FeedRequest, from: number, events: readonly EncodedEvent[]): Stretch {
  const frames = foldStretch(epoch, request, createFilter(request), events)
  return {
    upTo: from + events.length - 1,
    hasFrames: frames.length > 0,
    hasUnfolded: frames.some(({ id }) => id !== undefined),
    events: frames.map(encodeEvent).join(','),
  }
}

/** Raw: every event. Otherwise what is never folded in order, then each quote and book once, as the newest state. */
function foldStretch(epoch: string, request: FeedRequest, filter: Filter, stretch: readonly EncodedEvent[]): Frame[] {
  const frames: Frame[] = []
  const conflation = request.maxHz === null ? undefined : new Conflation()
  for (const event of stretch) {
    if (!filter.takes(event)) continue
    if (conflation !== undefined && isConflated(event.event)) conflation.hold(event)
    else frames.push(eventFrame(epoch, event))
  }
  return conflation === undefined ? frames : [...frames, ...conflation.due()]
}

function headOf(feed: Feed): string {
  return formatPosition(feed.log.epoch, feed.log.head)
}

function snapshotOf(feed: Feed, request: FeedRequest): Pick<PollAnswer, 'snapshot'> {
  return { snapshot: feed.view.snapshot(headOf(feed), createFilter(request)) }
}

function encodeEvent({ id, event, data }: Frame): string {
  const named = id === undefined ? '' : `"id":"${id}",`
  return `{${named}"event":"${event}","data":${data}}`
}

/** @param events encoded already: the answer is put together around them. */
function encodeAnswer(head: Omit<PollAnswer, 'events'>, events = ''): string {
  return `${JSON.stringify(head).slice(0, -1)},"events":[${events}]}`
}
