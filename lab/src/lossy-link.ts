// What a link of the laboratory is: a port on loopback in front of a server, which delays what passes and loses one
// packet on request. tcp-link.ts and udp-link.ts are the two kinds.

export const LOOPBACK = '127.0.0.1'

export interface LinkOptions {
  /** 0 picks a free one. */
  readonly port: number
  /** The server's port on loopback. */
  readonly targetPort: number
  /** Added in each direction. */
  readonly delayMs: number
}

export interface LostPacket {
  readonly bytes: number
  readonly lostAtMs: number
  readonly connections: number
}

export interface LossyLink {
  readonly port: number
  /** Loses the next packet to the client that carries an event; undefined when none came within the time. */
  loseNext(waitMaxMs: number): Promise<LostPacket | undefined>
  close(): void
}

/** Smaller packets carry acknowledgements and settings, not an event of event-streams.ts. */
const EVENT_BYTES_MIN = 150

/** The request for a loss that waits for its packet. */
export class PendingLoss {
  #settle: ((lost: LostPacket | undefined) => void) | undefined

  async wait(waitMaxMs: number): Promise<LostPacket | undefined> {
    this.#settle?.(undefined)
    const { promise, resolve } = Promise.withResolvers<LostPacket | undefined>()
    this.#settle = resolve
    const timer = setTimeout(() => resolve(undefined), waitMaxMs)
    const lost = await promise
    clearTimeout(timer)
    if (this.#settle === resolve) this.#settle = undefined
    return lost
  }

  /** True when this packet is the one that is lost. */
  takes(bytes: number, connections: number): boolean {
    const settle = this.#settle
    if (settle === undefined || bytes < EVENT_BYTES_MIN) return false
    this.#settle = undefined
    settle({ bytes, lostAtMs: performance.timeOrigin + performance.now(), connections })
    return true
  }
}
