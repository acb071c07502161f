// A reader of /v1/stream as a third party would write one: a socket, and the parser of the standard. Written from the
// contract, without the client.

import http from 'node:http'
import { createSseParser } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'

export interface StreamMessage {
  readonly id: string
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of events
  readonly data: any
}

export interface StreamReader {
  readonly headers: http.IncomingHttpHeaders
  readonly status: number
  readonly messages: readonly StreamMessage[]
  readonly retryMs: number | undefined
  readonly lastEventId: string
  /** Waits until a message satisfies, and returns the first that does from `from` on. */
  until(satisfies: (message: StreamMessage) => boolean, from?: number): Promise<StreamMessage>
  /** Settles when either side has ended the stream. */
  readonly ended: Promise<void>
  /** Resets the connection, also in the middle of a message. */
  cut(): void
}

const WAIT_MAX_MS = 20_000

export function openStream(url: string, lastEventId = '', headers: Record<string, string> = {}): Promise<StreamReader> {
  const opened = new Promise<StreamReader>((resolve, reject) => {
    const sent = lastEventId === '' ? headers : { ...headers, 'last-event-id': lastEventId }
    const request = http.get(url, { headers: sent, agent: false }, response =>
      resolve(read(request, response, lastEventId)),
    )
    request.once('error', reject)
  })
  return within(opened, `an answer from ${url}`, WAIT_MAX_MS)
}

function read(request: http.ClientRequest, response: http.IncomingMessage, reached: string): StreamReader {
  const messages: StreamMessage[] = []
  const waiters = new Set<() => void>()
  let retryMs: number | undefined
  const parser = createSseParser(
    {
      onMessage({ lastEventId, event, data }) {
        messages.push({ id: lastEventId, event, data: JSON.parse(data) })
        for (const wake of waiters) wake()
      },
      onRetry(ms) {
        retryMs = ms
      },
    },
    reached,
  )
  const decoder = new TextDecoder()
  const ended = new Promise<void>(resolve => response.once('close', resolve))
  response.on('data', (chunk: Buffer) => parser.push(decoder.decode(chunk, { stream: true })))
  // A cut is what these tests are about: both ends see a reset.
  response.on('error', () => {})
  request.on('error', () => {})

  async function until(satisfies: (message: StreamMessage) => boolean, from = 0): Promise<StreamMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          finish(() =>
            reject(
              new Error(`nothing of the kind in ${messages.length} messages, last ${JSON.stringify(messages.at(-1))}`),
            ),
          ),
        WAIT_MAX_MS,
      )
      let looked = from
      const look = () => {
        for (; looked < messages.length; looked++) {
          const message = messages[looked]!
          if (satisfies(message)) {
            finish(() => resolve(message))
            return
          }
        }
      }
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        waiters.delete(look)
        settle()
      }
      waiters.add(look)
      look()
    })
  }

  return {
    headers: response.headers,
    status: response.statusCode ?? 0,
    messages,
    get retryMs() {
      return retryMs
    },
    get lastEventId() {
      return parser.lastEventId
    },
    until,
    ended,
    cut() {
      request.destroy()
    },
  }
}

/** A plain request's status, headers and parsed body. */
export async function get(url: string, init?: RequestInit) {
  const response = await fetch(url, init)
  // biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of answers
  return { status: response.status, headers: response.headers, body: (await response.json()) as any }
}
