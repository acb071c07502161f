// The feed over Server-Sent Events, read with fetch rather than EventSource: it shows the status of a refusal, works in
// Node, and keeps its position under a service worker. The position is sent as ?last=, since a Last-Event-ID header set
// by fetch would need a CORS preflight at every reconnect. Called by feed-session.ts and account-stream.ts.

import { CONFLATED_EVENTS, createSseParser, type Hello, type SseMessage } from '@papertape/protocol'
import { describeBlock, reportFrame } from '../../platform/frame-tap.ts'
import { mediaType } from '../../rest/media-type.ts'
import { messageOf } from '../../rest/problem.ts'
import { refusalEnd } from './refusal.ts'
import type { TransportConnection, TransportEnd, TransportHandlers, TransportOptions } from './transport.ts'

/** After two heartbeats of silence a stream is dead, however quiet the market. */
const SILENT_HEARTBEATS = 2
const CONFLATED: ReadonlySet<string> = new Set(CONFLATED_EVENTS)

export function openSse(options: TransportOptions, handlers: TransportHandlers): TransportConnection {
  const abort = new AbortController()
  const finish = (end: TransportEnd) => {
    if (abort.signal.aborted) return
    abort.abort()
    handlers.onEnd(end)
  }
  void readStream(options, handlers, abort.signal).then(finish)
  return { close: () => abort.abort() }
}

/** Resolves with the end of the stream; never rejects. */
async function readStream(
  options: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<TransportEnd> {
  const { baseUrl, path = '/v1/stream', query, last, environment, tap } = options
  const search = new URLSearchParams(query)
  if (last !== undefined) search.set('last', last)
  const url = `${baseUrl}${path}${search.size === 0 ? '' : `?${search}`}`
  reportFrame(tap, environment.wallMs, () => ({
    transport: 'sse',
    direction: 'out',
    event: 'GET',
    text: `GET ${url}`,
  }))
  let response: Response
  try {
    const headers = { accept: 'text/event-stream', ...options.request?.headers }
    response = await environment.fetch(url, { ...options.request, headers, cache: 'no-store', signal })
    if (response.status !== 200) return await refusalEnd(response, environment.wallMs())
  } catch (error) {
    return { type: 'failed', reason: { code: 'network', text: messageOf(error) }, retryMs: undefined }
  }
  const contentType = response.headers.get('content-type')
  if (mediaType(contentType) !== 'text/event-stream' || response.body === null) {
    void response.body?.cancel()
    const text = `The answer is ${contentType || 'without a type'}, not text/event-stream: a proxy seems to have answered`
    return { type: 'failed', reason: { code: 'not-a-stream', text }, retryMs: undefined }
  }
  try {
    await readFrames(response.body, options, handlers, signal)
    return { type: 'ended', reason: { code: 'ended', text: 'The stream ended' } }
  } catch (error) {
    const code = error instanceof SyntaxError ? 'bad-frame' : 'cut'
    return { type: 'ended', reason: { code, text: messageOf(error) } }
  }
}

async function readFrames(
  body: ReadableStream<Uint8Array>,
  { maxHz, tap, environment }: TransportOptions,
  handlers: TransportHandlers,
  signal: AbortSignal,
): Promise<void> {
  const conflates = maxHz !== undefined
  let lastId = ''

  /**
   * The parser reports the last id; undefined when this frame did not carry it. Conflated events have none of their
   * own.
   */
  function ownId({ event, lastEventId }: SseMessage): string | undefined {
    const isNew = lastEventId !== lastId
    lastId = lastEventId
    if (lastEventId === '' || (!isNew && conflates && CONFLATED.has(event))) return undefined
    return lastEventId
  }

  function report(text: string): void {
    reportFrame(tap, environment.wallMs, () => ({ transport: 'sse', direction: 'in', ...describeBlock(text), text }))
  }

  const parser = createSseParser({
    get onBlock() {
      return tap?.onFrame === undefined ? undefined : report
    },
    onMessage: message => {
      const id = ownId(message)
      const data: unknown = JSON.parse(message.data)
      if (message.event === 'hello') {
        const { heartbeatMs } = data as Hello
        handlers.onOpen(heartbeatMs, heartbeatMs * SILENT_HEARTBEATS)
      }
      handlers.onFrame({ event: message.event, data, id })
    },
    onRetry: retryMs => handlers.onRetry(retryMs),
  })
  // The parser removes the BOM, and only one.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done || signal.aborted) return
    handlers.onBytes(value.byteLength)
    parser.push(decoder.decode(value, { stream: true }))
  }
}
