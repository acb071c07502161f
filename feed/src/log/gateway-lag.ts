// Has a reader that comes from another gateway wait until this one has what that one had sent: its position may be
// ahead of the log, and the quotes that a conflated reader has are newer than its position. Where one process has the
// whole market nobody waits. Decides nothing else.

import { type Clock, type FeedRequest, parsePosition } from '@papertape/protocol'
import type { FeedLog } from './feed-log.ts'

/** Settles when the log has everything that any gateway had sent when it was called. */
export type ReadOn = () => Promise<void>

export interface GatewayLagDeps {
  readonly log: FeedLog
  readonly clock: Clock
  /** Absent: this log is behind no other. */
  readonly readOn?: ReadOn | undefined
}

/** While nobody leads the market; then the reader goes on with what there is. */
const WAIT_MAX_MS = 15_000

export class GatewayLag {
  readonly #deps: GatewayLagDeps
  /** Those that wait for the reading that is under way, and for the one after it. */
  #present: Set<() => void> | undefined
  #next = new Set<() => void>()

  constructor(deps: GatewayLagDeps) {
    this.#deps = deps
  }

  /** Whether the log may lack what the reader of a request has. */
  isNeeded({ last, maxHz }: Pick<FeedRequest, 'last' | 'maxHz'>): boolean {
    const { log, readOn } = this.#deps
    if (readOn === undefined || last === undefined) return false
    const position = parsePosition(last)
    return position?.epoch === log.epoch && (maxHz !== null || position.seq > log.head)
  }

  /**
   * @param begin called at once where no wait is needed.
   * @returns ends the wait without a call; harmless afterwards.
   */
  before(request: Pick<FeedRequest, 'last' | 'maxHz'>, begin: () => void): () => void {
    if (!this.isNeeded(request)) {
      begin()
      return () => {}
    }
    const { clock } = this.#deps
    const cancel = () => {
      cancelTimer()
      this.#next.delete(end)
      this.#present?.delete(end)
    }
    const end = () => {
      cancel()
      begin()
    }
    const cancelTimer = clock.setTimer(end, WAIT_MAX_MS)
    this.#next.add(end)
    if (this.#present === undefined) this.#readOn()
    return cancel
  }

  /** One at a time: whoever comes meanwhile shares the next. */
  #readOn(): void {
    const present = this.#next
    this.#present = present
    this.#next = new Set()
    void this.#deps.readOn!().finally(() => {
      this.#present = undefined
      for (const end of present) end()
      if (this.#next.size > 0) this.#readOn()
    })
  }
}
