// The feed by long poll, reported as the frames of a stream: one request after the other, each from where the last one
// ended. For networks that hold streams back. Called by feed-session.ts.

import type { PollAnswer, Snapshot } from '@papertape/protocol'
import { parsePosition } from '@papertape/protocol'
import { reportFrame } from '../../platform/frame-tap.ts'
import { messageOf } from '../../rest/problem.ts'
import { refusalEnd } from './refusal.ts'
import type { TransportConnection, TransportEnd, TransportHandlers, TransportOptions } from './transport.ts'

/** How long the server may hold a poll while there are no events. */
const WAIT_SECONDS = 25
/** A poll without an answer after this time is dead: two heartbeats of a stream. */
const SILENCE_MAX_MS = 30_000
/** The rate of polls in raw mode, in which the subscription has none. */
const RAW_MAX_HZ = 20

export function openLongPoll(options: TransportOptions, handlers: TransportHandlers): TransportConnection {
  const abort = new AbortController()
  const finish = (end: TransportEnd) => {
    if (abort.signal.aborted) return
    abort.abort()
    handlers.onEnd(end)
  }
  void pollOn(options, handlers, abort.signal).then(finish)
  return { close: () => abort.abort() }
}

/** Resolves with the end of the connection; never rejects. */
async function pollOn(
  options: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<TransportEnd> {
  const { environment } = options
  const pauseMs = 1_000 / (options.maxHz ?? RAW_MAX_HZ)
  let { last, needsSnapshot } = options
  // The first poll does not wait: only its answer shows that polls pass.
  let waitSeconds = 0
  try {
    for (;;) {
      const sentMs = environment.nowMs()
      const answer =
        needsSnapshot && last !== undefined
          ? await pollWithSnapshot(last, options, handlers, signal)
          : await poll(last, waitSeconds, options, handlers, signal)
      if ('type' in answer) return answer
      if (signal.aborted) break
      if (waitSeconds === 0) handlers.onOpen(WAIT_SECONDS * 1_000, SILENCE_MAX_MS)
      waitSeconds = WAIT_SECONDS
      needsSnapshot = false
      reportFrames(answer, handlers)
      last = answer.last
      await pause(options, pauseMs - (environment.nowMs() - sentMs), signal)
      if (signal.aborted) break
    }
    return { type: 'ended', reason: { code: 'ended', text: 'Closed' } }
  } catch (error) {
    const code = error instanceof SyntaxError ? 'bad-frame' : 'network'
    return { type: 'failed', reason: { code, text: messageOf(error) }, retryMs: undefined }
  }
}

async function poll(
  last: string | undefined,
  waitSeconds: number,
  options: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<PollAnswer | TransportEnd> {
  const { environment, tap } = options
  const { wallMs } = environment
  const url = pollUrl(options, last, waitSeconds)
  reportFrame(tap, wallMs, () => ({ transport: 'longPoll', direction: 'out', event: 'GET', text: `GET ${url}` }))
  const response = await environment.fetch(url, { cache: 'no-store', signal })
  if (response.status !== 200) return await refusalEnd(response, environment.wallMs())
  const body = await response.text()
  if (!signal.aborted) handlers.onBytes(body.length)
  const answer = JSON.parse(body) as PollAnswer
  const id = answer.last
  reportFrame(tap, wallMs, () => ({ transport: 'longPoll', direction: 'in', event: '200', id, text: body }))
  return answer
}

/**
 * A stream that resumes sends a snapshot, a poll from a position does not: it is requested first, and placed between
 * the events before it and after it. Conflated quotes and books before it are left out: some that they follow may be
 * missing, and it has what they led to.
 */
async function pollWithSnapshot(
  last: string,
  options: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<PollAnswer | TransportEnd> {
  const full = await poll(undefined, 0, options, handlers, signal)
  if ('type' in full || full.snapshot === undefined) return full
  const events: PollAnswer['events'] = []
  for (let from = last; ; ) {
    const answer = await poll(from, 0, options, handlers, signal)
    if ('type' in answer || answer.reset !== undefined) return answer
    const { snapshot } = full
    events.push(...answer.events.filter(event => event.id !== undefined || isAfter(event.data, snapshot)))
    from = answer.last
    if (seqOf(from) >= seqOf(full.snapshot.id)) return { snapshot: full.snapshot, events, last: from }
  }
}

const seqOf = (id: string) => parsePosition(id)?.seq ?? Number.POSITIVE_INFINITY

function pollUrl({ baseUrl, query }: TransportOptions, last: string | undefined, waitSeconds: number): string {
  const search = new URLSearchParams(query)
  if (last !== undefined) search.set('last', last)
  search.set('wait', String(waitSeconds))
  return `${baseUrl}/v1/poll?${search}`
}

/** Reports the answer as the frames of a stream, in a stream's order. */
function reportFrames({ reset, snapshot, events, last }: PollAnswer, handlers: TransportHandlers): void {
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

/** In a busy market every poll is answered at once; the subscription's rate limits the requests. */
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
