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
  /** Those that carry events. */
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

/** A connection that carries events has had one within this time; browsers open others that they then do not use. */
const CARRYING_MS = 200

/** The request for a loss that waits for its packet. Sees every packet to the clients of a link. */
export class PendingLoss {
  readonly #lastEventMs = new Map<object, number>()
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
  takes(connection: object, bytes: number): boolean {
    if (bytes < EVENT_BYTES_MIN) return false
    const nowMs = performance.now()
    this.#lastEventMs.set(connection, nowMs)
    const settle = this.#settle
    if (settle === undefined) return false
    this.#settle = undefined
    const connections = [...this.#lastEventMs.values()].filter(atMs => nowMs - atMs <= CARRYING_MS).length
    settle({ bytes, lostAtMs: performance.timeOrigin + nowMs, connections })
    return true
  }

  forget(connection: object): void {
    this.#lastEventMs.delete(connection)
  }
}
