// What a server does wrong on purpose: small changes of requests, answers, frames and messages, as data. Applied by
// faulty-target.ts between the suite and a right server.

// biome-ignore lint/suspicious/noExplicitAny: faults change fields of many kinds of messages
export type Loose = any

export interface FaultyRequest {
  method: string
  path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  /** The parsed body. */
  body: Loose
}

export interface FaultyAnswer {
  readonly method: string
  readonly path: string
  status: number
  readonly headers: Headers
  /** The parsed body; undefined when it is not JSON. */
  body: Loose
}

/** A block of a stream; one that only sets the retry time has no event. */
export interface FaultyFrame {
  id?: string | undefined
  event?: string
  retry?: string
  data?: Loose
}

/** What a fault remembers of a stream or socket. */
export interface Connection {
  readonly query: URLSearchParams
  /** Whether the reader resumes. */
  readonly resumes: boolean
  /** Frames or messages so far, this one included. */
  count: number
  seen: number
}

export type Changed<T> = readonly T[] | undefined

export interface Fault {
  readonly name: string
  /** The requirements that must find it. */
  readonly breaks: readonly string[]
  readonly request?: (request: FaultyRequest) => void
  readonly answer?: (answer: FaultyAnswer) => void
  /** The head of a stream. */
  readonly head?: (headers: Headers) => void
  /** What is sent instead; nothing returned: the frame as it now is. */
  readonly frame?: (frame: FaultyFrame, stream: Connection) => Changed<FaultyFrame> | Promise<Changed<FaultyFrame>>
  /** The bytes of a stream. */
  readonly text?: (text: string) => string
  /** A message of the server on the socket. */
  readonly message?: (message: Loose, socket: Connection) => Changed<Loose>
  /** A binary message of the server. */
  readonly binary?: (bytes: Uint8Array, socket: Connection) => readonly Uint8Array[]
  /** A message to the server. */
  readonly command?: (message: Loose, socket: Connection) => Changed<Loose>
  readonly closeCode?: (code: number) => number
  readonly protocols?: (asked: readonly string[]) => readonly string[]
  readonly protocol?: string
  /** What came over TCP, each character a byte. */
  readonly bytes?: (latin1: string) => string
}
