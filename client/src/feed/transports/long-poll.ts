// The feed by long poll, made to look like a stream: one request after the other, each from where the last one ended.
// The way out where a proxy holds streams back. Called by feed-session.ts.

import type { PollAnswer, Snapshot } from '@papertape/protocol'
import { parsePosition } from '@papertape/protocol'
import { isRetryable, messageOf, readRefusal } from '../../rest/problem.ts'
import type { Connection, TransportEnd, TransportHandlers, TransportOptions } from './transport.ts'

/** How long the server may keep a poll that has nothing to say. */
const WAIT_SECONDS = 25
/** No answer by then, and the poll is dead: two of a stream's heartbeats. */
const SILENCE_MAX_MS = 30_000
/** The pace between polls when the subscription names none: raw mode. */
const RAW_MAX_HZ = 20

export function openLongPoll(options: TransportOptions, handlers: TransportHandlers): Connection {
  const abort = new AbortController()
  const over = (end: TransportEnd) => {
    if (abort.signal.aborted) return
    abort.abort()
    handlers.onEnd(end)
  }
  void pollOn(options, handlers, abort.signal).then(over)
  return { close: () => abort.abort() }
}

/** Resolves with how it ended; never rejects. */
async function pollOn(
  options: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<TransportEnd> {
  const { environment } = options
  const pauseMs = 1_000 / (options.maxHz ?? RAW_MAX_HZ)
  let { last, isWidened } = options
  // The first one must not wait: only its answer shows that polls pass.
  let waitSeconds = 0
  try {
    for (;;) {
      const askedMs = environment.nowMs()
      const isWider = isWidened && last !== undefined
      const answer = isWider
        ? await askWider(last!, options, handlers, signal)
        : await ask(last, waitSeconds, options, handlers, signal)
      if ('type' in answer) return answer
      if (signal.aborted) break
      if (waitSeconds === 0) handlers.onOpen(WAIT_SECONDS * 1_000, SILENCE_MAX_MS)
      waitSeconds = WAIT_SECONDS
      isWidened = false
      passOn(answer, handlers)
      last = answer.last
      await pause(options, pauseMs - (environment.nowMs() - askedMs), signal)
      if (signal.aborted) break
    }
    return { type: 'ended', reason: { code: 'ended', text: 'Closed' } }
  } catch (error) {
    const code = error instanceof SyntaxError ? 'bad-frame' : 'network'
    return { type: 'failed', reason: { code, text: messageOf(error) }, retryMs: undefined }
  }
}

async function ask(
  last: string | undefined,
  waitSeconds: number,
  options: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<PollAnswer | TransportEnd> {
  const { environment } = options
  const response = await environment.fetch(pollUrl(options, last, waitSeconds), { cache: 'no-store', signal })
  if (response.status !== 200) {
    const { status, code, text, retryMs } = await readRefusal(response, environment.wallMs())
    if (isRetryable(status)) return { type: 'failed', reason: { code, text }, retryMs }
    return { type: 'refused', reason: { code, text } }
  }
  const body = await response.text()
  if (!signal.aborted) handlers.onBytes(body.length)
  return JSON.parse(body) as PollAnswer
}

/**
 * A poll that goes on brings no snapshot, as a stream does; one is due where the subscription has grown. It is asked for
 * first, and put between the events before it and after it.
 */
async function askWider(
  last: string,
  options: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<PollAnswer | TransportEnd> {
  const whole = await ask(undefined, 0, options, handlers, signal)
  if ('type' in whole || whole.snapshot === undefined) return whole
  const events: PollAnswer['events'] = []
  for (let from = last; ; ) {
    const answer = await ask(from, 0, options, handlers, signal)
    if ('type' in answer || answer.reset !== undefined) return answer
    events.push(...answer.events)
    from = answer.last
    if (seqOf(from) >= seqOf(whole.snapshot.id)) return { snapshot: whole.snapshot, events, last: from }
  }
}

const seqOf = (id: string) => parsePosition(id)?.seq ?? Number.POSITIVE_INFINITY

function pollUrl({ baseUrl, query }: TransportOptions, last: string | undefined, waitSeconds: number): string {
  const search = new URLSearchParams(query)
  if (last !== undefined) search.set('last', last)
  search.set('wait', String(waitSeconds))
  return `${baseUrl}/v1/poll?${search}`
}

/** The answer as the frames that a stream would have brought, in a stream's order. */
function passOn({ reset, snapshot, events, last }: PollAnswer, handlers: TransportHandlers): void {
  if (reset !== undefined) handlers.onFrame({ event: 'reset', data: reset, id: undefined })
  const before = snapshot === undefined ? events.length : events.findIndex(event => isAfter(event.data, snapshot))
  const split = before < 0 ? events.length : before
  for (const { event, data, id } of events.slice(0, split)) handlers.onFrame({ event, data, id })
  if (snapshot !== undefined) handlers.onFrame({ event: 'snapshot', data: snapshot, id: snapshot.id })
  for (const { event, data, id } of events.slice(split)) handlers.onFrame({ event, data, id })
  handlers.onFrame({ event: undefined, data: undefined, id: last })
}

function isAfter(data: unknown, snapshot: Snapshot): boolean {
  const seq = (data as { seq?: number }).seq
  const at = parsePosition(snapshot.id)
  return seq !== undefined && at !== undefined && seq > at.seq
}

/** A busy market answers every poll at once; the subscription's own rate is the pace. */
function pause({ environment }: TransportOptions, delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs <= 0) return Promise.resolve()
  return new Promise(resolve => {
    const cancel = environment.setTimer(resolve, delayMs)
    signal.addEventListener('abort', () => {
      cancel()
      resolve()
    })
  })
}
