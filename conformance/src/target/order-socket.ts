// One WebSocket of /v1/socket as a check uses it: JSON in both directions, answers by requestId, the frames of each
// subscription, and how it was closed. Uses what every WebSocket of a browser has, no more.

import { SUBPROTOCOL } from '@papertape/protocol'
import { type Json, parseJson } from './answer.ts'
import { BinaryReader } from './binary-reader.ts'
import { Collected } from './collected.ts'
import { FrameList } from './feed-stream.ts'
import type { Target } from './target.ts'
import type { TargetClock } from './target-clock.ts'

export class OrderSocket {
  readonly messages: Collected<Json>
  readonly #socket: WebSocket
  readonly #clock: TargetClock
  readonly #closed = Promise.withResolvers<number>()
  readonly #opened = Promise.withResolvers<boolean>()
  readonly #subscriptions = new Map<string, FrameList>()
  readonly #binary = new BinaryReader()
  #lastRequest = 0

  constructor({ url, WebSocket }: Target, clock: TargetClock, protocols: readonly string[] = [SUBPROTOCOL]) {
    this.#clock = clock
    this.messages = new Collected(clock, message => JSON.stringify(message))
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/socket`, [...protocols])
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => this.#opened.resolve(true))
    // What went wrong is known to the close event.
    socket.addEventListener('error', () => this.#opened.resolve(false))
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.#receive(data)
      else this.#receiveBytes(data)
    })
    socket.addEventListener('close', ({ code }) => {
      this.#opened.resolve(false)
      this.#closed.resolve(code)
      this.#end(`the socket was closed with ${code}`)
    })
  }

  /** Whether the handshake succeeded. */
  get opened(): Promise<boolean> {
    return this.#opened.promise
  }

  /** The close code. */
  get closed(): Promise<number> {
    return this.#closed.promise
  }

  /** The subprotocol that the target chose. */
  get protocol(): string {
    return this.#socket.protocol
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }

  sendText(text: string): void {
    this.#socket.send(text)
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes)
  }

  /** Sends a command and returns its answer. */
  ask(message: object): Promise<Json> {
    const requestId = `r${++this.#lastRequest}`
    this.send({ ...message, requestId })
    return this.messages.until(`an answer to ${JSON.stringify(message)}`, answer => answer?.requestId === requestId)
  }

  until(type: string, satisfies: (message: Json) => boolean = () => true): Promise<Json> {
    return this.messages.until(type, message => message?.type === type && satisfies(message))
  }

  /** The frames of a subscription. */
  framesOf(subscription: string): FrameList {
    const frames = this.#subscriptions.get(subscription) ?? new FrameList(this.#clock)
    this.#subscriptions.set(subscription, frames)
    return frames
  }

  close(): void {
    this.#socket.close()
  }

  #receive(text: string): void {
    const message = parseJson(text)
    this.messages.add(message)
    if (message?.type !== 'event') return
    const { subscription, id, event, data } = message
    // The data is the last field, as the feed encoded it.
    const sent = text.slice(text.indexOf('"data":') + '"data":'.length, -1)
    this.framesOf(subscription).add({ id, event, text: sent, data, atMs: this.#clock.nowMs() })
  }

  /** Events of binary subscriptions: the same messages as text has. */
  #receiveBytes(bytes: ArrayBuffer): void {
    try {
      for (const event of this.#binary.read(bytes)) {
        const { subscription, id, event: name, data } = event
        this.messages.add({ type: 'event', ...event })
        const frame = { id, event: name, text: JSON.stringify(data), data, atMs: this.#clock.nowMs(), isBinary: true }
        this.framesOf(subscription).add(frame)
      }
    } catch (error) {
      this.#end(`a binary message is not as docs/binary.md says (${error})`)
    }
  }

  #end(reason: string): void {
    this.messages.end(reason)
    for (const frames of this.#subscriptions.values()) frames.end(reason)
  }
}
