// One visit to the feed over each transport: what arrives is handed on frame by frame until the reader has enough.
// Written from the contract and docs/binary.md, without the client. Knows no order of events: the readers judge.

import http from 'node:http'
import type { Duplex } from 'node:stream'
import { BinaryDecoder, createSseParser, parsePosition } from '@papertape/protocol'
import WebSocket from 'ws'

export interface ArrivedFrame {
  /** A poll's `last` is a frame too: `position`. */
  readonly event: string
  readonly id: string | undefined
  /** The data as JSON; over SSE the very bytes. */
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: readers read fields of many kinds of events
  readonly data: any
}

export interface FeedVisit {
  readonly url: string
  /** `events`, and `mode` or `maxHz`. */
  readonly parameters: Readonly<Record<string, string>>
  /** Undefined asks for a snapshot. */
  readonly last: string | undefined
  /** @returns true when it is enough. What it throws ends the visit and rejects it */
  readonly take: (frame: ArrivedFrame) => boolean
  /** The visit ends after this, whatever arrived. */
  readonly maxMs: number
  /** The server has said that it ends the connection: the visit waits for that. */
  readonly isEnding: () => boolean
  /** Opens a connection of another kind than clear HTTP/1.1, which speaks HTTP/1.1 to this. */
  readonly connect?: () => Duplex
  /** So long it reads nothing once it has enough, and then reads on until the server has ended it. */
  readonly stallMs?: number
}

/**
 * `enough`: left by the reader; `lost`: refused, cut or ended by the server; `time`: as long as it may be. `code` is
 * the socket's.
 */
export interface VisitEnd {
  readonly how: 'enough' | 'lost' | 'time'
  readonly frames: number
  readonly code?: number
}

export const FEED_TRANSPORTS = {
  sse: visitStream,
  longPoll: visitPolls,
  socket: (visit: FeedVisit) => visitSocket(visit, 'json'),
  binarySocket: (visit: FeedVisit) => visitSocket(visit, 'binary'),
} as const
export type FeedTransportName = keyof typeof FEED_TRANSPORTS

const POLL_WAIT_S = 1
/** Longer than a poll is held, and than the server is suspended. */
const ANSWER_MAX_MS = 30_000

/** What the three have in common: deliver until enough, end once. */
class RunningVisit {
  readonly ended: Promise<VisitEnd>
  readonly #visit: FeedVisit
  readonly #leave: () => void
  readonly #pause: () => () => void
  readonly #resolve: (end: VisitEnd) => void
  readonly #reject: (error: unknown) => void
  #timer: NodeJS.Timeout
  #stallTimer: NodeJS.Timeout | undefined
  #frames = 0
  isOver = false

  /** @param leave closes the connection; @param pause stops reading, and returns what reads on */
  constructor(visit: FeedVisit, leave: () => void, pause: () => () => void) {
    const { promise, resolve, reject } = Promise.withResolvers<VisitEnd>()
    this.ended = promise
    this.#visit = visit
    this.#leave = leave
    this.#pause = pause
    this.#resolve = resolve
    this.#reject = reject
    this.#timer = setTimeout(() => this.#endInTime(), visit.maxMs)
  }

  deliver(frame: ArrivedFrame): void {
    if (this.isOver) return
    this.#frames++
    try {
      if (this.#visit.take(frame)) this.#takeEnough()
    } catch (error) {
      this.#finish()
      this.#reject(error)
    }
  }

  end(how: VisitEnd['how'], code?: number): void {
    if (this.isOver) return
    this.#finish()
    this.#resolve({ how, frames: this.#frames, ...(code === undefined ? {} : { code }) })
  }

  fail(error: unknown): void {
    if (this.isOver) return
    this.#finish()
    this.#reject(error)
  }

  #endInTime(): void {
    if (this.#visit.isEnding()) this.#timer = setTimeout(() => this.end('time'), ANSWER_MAX_MS)
    else this.end('time')
  }

  #takeEnough(): void {
    const { stallMs } = this.#visit
    if (stallMs === undefined) this.end('enough')
    else if (this.#stallTimer === undefined) this.#stallTimer = setTimeout(this.#pause(), stallMs)
  }

  #finish(): void {
    this.isOver = true
    clearTimeout(this.#timer)
    clearTimeout(this.#stallTimer)
    this.#leave()
  }
}

function visitStream(visit: FeedVisit): Promise<VisitEnd> {
  const { url, parameters, last, connect } = visit
  const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last }
  const agent = connect === undefined ? false : agentOf(visit)
  const request = http.get(`${url}/v1/stream?${new URLSearchParams(parameters)}`, { headers, agent })
  let response: http.IncomingMessage | undefined
  const pause = () => {
    response!.pause()
    return () => void response!.resume()
  }
  const running = new RunningVisit(visit, () => request.destroy(), pause)
  request.on('error', () => running.end('lost'))
  request.on('response', answer => {
    response = answer
    if (isRefusedForNow(answer)) running.end('lost')
    else if (answer.statusCode !== 200) running.fail(new Error(`/v1/stream answered ${answer.statusCode}`))
    const decoder = new TextDecoder()
    let previousId = ''
    const parser = createSseParser({
      onMessage({ lastEventId, event, data }) {
        // The parser keeps the id of the event before; a frame has its own or none.
        const id = lastEventId === previousId ? undefined : lastEventId
        previousId = lastEventId
        running.deliver({ event, id, text: data, data: JSON.parse(data) })
      },
    })
    answer.on('data', (chunk: Buffer) => parser.push(decoder.decode(chunk, { stream: true })))
    answer.on('error', () => running.end('lost'))
    answer.on('close', () => running.end('lost'))
  })
  return running.ended
}

/**
 * Conflated, a poll from a position that a stream gave lacks the quotes and books that waited on the stream. A stream
 * that resumes ends its replay with a snapshot; here the reader asks for one, and places it.
 */
function visitPolls(visit: FeedVisit): Promise<VisitEnd> {
  const agent = agentOf(visit)
  // It does not read while it does not poll: there is nothing to pause.
  const running = new RunningVisit(
    visit,
    () => agent.destroy(),
    () => () => {},
  )
  const poll = async (last: string | undefined) => {
    const query = { ...visit.parameters, wait: String(POLL_WAIT_S), ...(last === undefined ? {} : { last }) }
    const answer = await getJson(`${visit.url}/v1/poll?${new URLSearchParams(query)}`, agent)
    if (answer === undefined) running.end('lost')
    else if (answer.status === 200) return answer.body
    else throw new Error(`/v1/poll answered ${answer.status}`)
  }
  const run = async () => {
    let { last } = visit
    const isConflated = visit.parameters.mode !== 'raw'
    // A gateway that has read less than another waits for those who name a position, and for no others.
    if (isConflated && last !== undefined) await poll(last)
    let owed = isConflated && last !== undefined ? (await poll(undefined))?.snapshot : undefined
    while (!running.isOver) {
      const answer = await poll(last)
      if (answer === undefined) return
      last = answer.last as string
      if (answer.reset !== undefined) {
        running.deliver(frameOf('reset', answer.reset))
        owed = undefined
      }
      if (answer.snapshot !== undefined) running.deliver(frameOf('snapshot', answer.snapshot, answer.snapshot.id))
      const events: ArrivedFrame[] = answer.events.map(
        ({ id, event, data }: { id: string; event: string; data: object }) => frameOf(event, data, id),
      )
      const at = owed === undefined ? 0 : seqOf(owed.id)
      const isPast = ({ id, data }: ArrivedFrame) => id !== undefined && data.seq <= at
      for (const frame of events.filter(isPast)) running.deliver(frame)
      if (owed !== undefined && seqOf(last) >= at) {
        running.deliver(frameOf('snapshot', owed, owed.id))
        owed = undefined
      }
      for (const frame of events.filter(({ data }) => data.seq > at)) running.deliver(frame)
      running.deliver(frameOf('position', null, last))
    }
  }
  run().catch(error => running.fail(error))
  return running.ended
}

const seqOf = (id: string) => parsePosition(id)!.seq

function visitSocket(visit: FeedVisit, encoding: 'json' | 'binary'): Promise<VisitEnd> {
  const { url, parameters, last, connect } = visit
  const options = connect === undefined ? {} : { createConnection: connect as never }
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/socket`, ['papertape.v1'], options)
  const decoder = new BinaryDecoder()
  const pause = () => {
    socket.pause()
    return () => socket.resume()
  }
  const running = new RunningVisit(visit, () => socket.terminate(), pause)
  socket.on('error', () => running.end('lost'))
  socket.on('close', code => running.end('lost', code))
  socket.on('open', () => {
    const { events, maxHz, ...rest } = parameters
    const lists = { events: events!.split(','), ...(maxHz === undefined ? {} : { maxHz: Number(maxHz) }) }
    const position = last === undefined ? {} : { last }
    const subscribe = { type: 'subscribe', requestId: '1', subscription: 's', ...rest, ...lists, ...position, encoding }
    socket.send(JSON.stringify(subscribe))
  })
  socket.on('message', (message: Buffer, isBinary) => {
    try {
      if (isBinary) {
        for (const { id, event, data } of decoder.decode(message)) running.deliver(frameOf(event, data, id))
        return
      }
      const { type, id, event, data, ...other } = JSON.parse(message.toString())
      if (type === 'event') running.deliver(frameOf(event, data, id))
      // The service is full, or ends.
      else if (type === 'error' && other.retryMs === undefined) throw new Error(`error: ${message}`)
    } catch (error) {
      running.fail(error)
    }
  })
  return running.ended
}

/** One connection at a time. */
export function agentOf({ connect }: Pick<FeedVisit, 'connect'>): http.Agent {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  if (connect !== undefined) agent.createConnection = connect as never
  return agent
}

/** 502 and 504 are a balancer's, while no gateway behind it answers. */
function isRefusedForNow({ statusCode = 0 }: http.IncomingMessage): boolean {
  return [429, 502, 503, 504].includes(statusCode)
}

function frameOf(event: string, data: object | null, id?: string): ArrivedFrame {
  return { event, id, data, text: JSON.stringify(data) }
}

/**
 * A request whose answer may be cut off, or not come.
 * @returns undefined when it did not arrive as a whole, or the service is full
 */
export function getJson(
  url: string,
  agent: http.Agent | false = false,
  // biome-ignore lint/suspicious/noExplicitAny: readers read fields of many kinds of answers
): Promise<{ readonly status: number; readonly body: any } | undefined> {
  return new Promise((resolve, reject) => {
    const lost = () => resolve(undefined)
    const request = http.get(url, { agent, timeout: ANSWER_MAX_MS }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text += chunk
      })
      response.on('error', lost)
      response.on('close', () => {
        const status = response.statusCode ?? 0
        if (!response.complete || isRefusedForNow(response)) return lost()
        try {
          resolve({ status, body: JSON.parse(text) })
        } catch (error) {
          reject(new Error(`${url} answered ${status}, no JSON`, { cause: error }))
        }
      })
    })
    request.on('timeout', () => request.destroy())
    request.on('error', lost)
  })
}
