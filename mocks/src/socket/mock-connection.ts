// One order channel on a client's socket: the connection that the gateway's endpoint sends on, and the scripts that
// make an order's connection misbehave. Bytes that wait are not known here: the client takes what it is sent.

import type { FeedWire } from '@papertape/feed'
import {
  type ChannelConnection,
  ChannelEndpoint,
  type ChannelEndpointDeps,
  type CloseCause,
  closeAtRequest,
  closeSocket,
  type EventChunk,
  type EventMessage,
  type LabConnection,
  type LabConnections,
  PacedWires,
  type SharedText,
  type SubscriptionOwner,
  type SubscriptionWires,
  wholeMessages,
} from '@papertape/gateway'
import { FRAME_BYTES_MAX, type LabCloseCode, type NewOrder, SUBPROTOCOL } from '@papertape/protocol'
import type { OrderScript } from '../script/order-script.ts'
import type { OrderScripts } from '../script/order-scripts.ts'
import type { ClientSocket, SocketListener } from './client-socket.ts'

export interface MockConnectionDeps extends ChannelEndpointDeps {
  readonly scripts: OrderScripts
  readonly connections: LabConnections
  /** The token that a page's browser sends as its cookie. */
  readonly cookieToken: () => string | undefined
  readonly onEnd: (connection: MockConnection) => void
}

/** RFC 6455 section 7.4.1. */
const TOO_LARGE = 1009
/** What a client reports for a connection that ends without a close frame. */
const LOST = 1006
const END_REASON = 'a script of the test ends this connection'

const cutIntoMessages = wholeMessages(bytesOf)

export class MockConnection implements ChannelConnection, SocketListener {
  readonly #socket: ClientSocket
  readonly #deps: MockConnectionDeps
  readonly #endpoint: ChannelEndpoint
  readonly #lab: LabConnection
  readonly feed: SubscriptionWires
  #cancelHeartbeat = () => {}
  #isEnding = false
  /** A script loses the answer to this order: nothing is sent any more, and this is called when it would be. */
  #lost: { readonly clientOrderId: string; readonly answered: () => void } | undefined
  /** Messages are handled in order, also when a script delays one. */
  #turn: Promise<void> = Promise.resolve()

  constructor(socket: ClientSocket, deps: MockConnectionDeps) {
    this.#socket = socket
    this.#deps = deps
    this.#lab = deps.connections.add({
      cut: () => this.cut(),
      close: code => this.#endpoint.closeAtRequest(code),
    })
    const wires: SubscriptionWires = {
      open: (subscription, owner) => this.#openWire(subscription, owner),
      close: () => {},
    }
    this.feed = new PacedWires(wires, this.#lab.pace, cutIntoMessages)
    this.#endpoint = new ChannelEndpoint(deps, this, deps.cookieToken(), this.#lab.key)
  }

  /** Greets the client, or refuses the handshake as the server does before the upgrade. */
  open(): void {
    if (this.#socket.protocols.includes(SUBPROTOCOL)) {
      this.#endpoint.open()
      return
    }
    this.#end()
    this.#socket.refuse()
  }

  get isEnding(): boolean {
    return this.#isEnding
  }

  send(message: EventMessage): void {
    if (this.#isEnding) return
    const { pace } = this.#lab
    if (this.#lost === undefined) {
      if (pace.isWhole) pace.add(this, message.length, () => !this.#isEnding && this.#socket.send(message))
      else this.#socket.send(message)
    } else if (typeof message === 'string' && message.includes(JSON.stringify(this.#lost.clientOrderId))) {
      this.#lost.answered()
    }
  }

  sendShared({ text }: SharedText): void {
    this.send(text)
  }

  async room(): Promise<void> {}

  startHeartbeat(everyMs: number): void {
    this.#cancelHeartbeat()
    this.#cancelHeartbeat = this.#deps.clock.setTimer(() => {
      this.startHeartbeat(everyMs)
      this.send(JSON.stringify(this.#endpoint.heartbeat()))
    }, everyMs)
  }

  close(cause: CloseCause): void {
    if (this.#end()) closeSocket(this.#socket, cause)
  }

  cut(): void {
    this.closeWith(LOST, '')
  }

  closeAtRequest(code: LabCloseCode): void {
    if (this.#end()) closeAtRequest(this.#socket, code)
  }

  closeFlood(cause: CloseCause): void {
    this.close(cause)
  }

  closeLagging(): void {
    this.close('lagging')
  }

  pause(): void {}

  resume(): void {}

  /** Ends with a code: the client may see any, 1006 included. */
  closeWith(code: number, reason: string): void {
    if (this.#end()) this.#socket.close(code, reason)
  }

  receive(data: unknown): void {
    if (typeof data !== 'string') this.close('binaryFrame')
    else if (new TextEncoder().encode(data).length > FRAME_BYTES_MAX) this.closeWith(TOO_LARGE, '')
    else this.#turn = this.#turn.then(() => this.#handle(data))
  }

  closed(): void {
    this.#end()
  }

  async #handle(text: string): Promise<void> {
    const order = readOrder(text)
    const script = order === undefined ? undefined : this.#deps.scripts.take(order)
    if (script === undefined) this.#endpoint.receive(text)
    else await this.#play(script, order as unknown as NewOrder, text)
  }

  async #play(script: OrderScript, order: NewOrder, text: string): Promise<void> {
    const { clock, scripts } = this.#deps
    if (script.delayMs > 0) await new Promise<void>(resolve => clock.setTimer(resolve, script.delayMs))
    const { end } = script
    if (end?.isApplied === false) {
      this.closeWith(end.code, END_REASON)
      return
    }
    await scripts.prepare(script, order)
    if (end === undefined) this.#endpoint.receive(text)
    else {
      const answered = new Promise<void>(resolve => {
        this.#lost = { clientOrderId: order.clientOrderId, answered: resolve }
      })
      this.#endpoint.receive(text)
      await answered
      this.closeWith(end.code, END_REASON)
    }
  }

  #openWire(subscription: string, owner: SubscriptionOwner): FeedWire<EventChunk> {
    return {
      hasRoom: true,
      write: chunk => {
        for (const message of chunk.messages(subscription)) this.send(message)
        return true
      },
      onDrained: callback => callback(),
      end: reason => owner.ended(subscription, reason),
    }
  }

  /** @returns false when it had ended before. */
  #end(): boolean {
    if (this.#isEnding) return false
    this.#isEnding = true
    this.#cancelHeartbeat()
    this.#endpoint.release()
    this.#deps.connections.remove(this.#lab)
    this.#deps.onEnd(this)
    return true
  }
}

/** The heads of frames are not known here. */
function bytesOf(chunk: EventChunk, subscription: string): number {
  const encoder = new TextEncoder()
  const sizes = chunk
    .messages(subscription)
    .map(message => (typeof message === 'string' ? encoder.encode(message) : message).length)
  return sizes.reduce((sum, size) => sum + size, 0)
}

function readOrder(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const message = JSON.parse(text) as Record<string, unknown> | null
    return message?.type === 'order.place' ? message : undefined
  } catch {
    // Not JSON: the endpoint answers it.
    return undefined
  }
}
