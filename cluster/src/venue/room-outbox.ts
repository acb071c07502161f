// What the leader has to send to one gateway about rooms, in order: deliveries of one turn of the event loop share a
// message, and a text for many connections is in it once.

import type { SharedText } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { RoomDelivery } from '../log/room-messages.ts'

/** Below what NATS takes as a message. */
const MESSAGE_CHARACTERS_MAX = 100_000

export class RoomOutbox {
  readonly #clock: Clock
  readonly #send: (deliveries: readonly RoomDelivery[]) => void
  #deliveries: RoomDelivery[] = []
  #characters = 0
  /** The last delivery, if it may get more connections. */
  #shared: { readonly message: SharedText; readonly to: number[] } | undefined
  #isScheduled = false

  constructor(clock: Clock, send: (deliveries: readonly RoomDelivery[]) => void) {
    this.#clock = clock
    this.#send = send
  }

  share(message: SharedText, connection: number): void {
    if (this.#shared?.message === message) {
      this.#shared.to.push(connection)
      return
    }
    const to = [connection]
    this.add({ to, text: message.text })
    if (this.#deliveries.length > 0) this.#shared = { message, to }
  }

  add(delivery: RoomDelivery): void {
    this.#shared = undefined
    this.#deliveries.push(delivery)
    this.#characters += 'text' in delivery ? delivery.text.length : 0
    if (this.#characters > MESSAGE_CHARACTERS_MAX) this.#flush()
    else if (!this.#isScheduled) {
      this.#isScheduled = true
      this.#clock.setTimer(() => {
        this.#isScheduled = false
        this.#flush()
      }, 0)
    }
  }

  #flush(): void {
    const deliveries = this.#deliveries
    if (deliveries.length === 0) return
    this.#deliveries = []
    this.#characters = 0
    this.#shared = undefined
    this.#send(deliveries)
  }
}
