// Whether newcomers are taken: streams, subscriptions, polls that would wait. None is while the event loop is late
// again and again, and none once the process shuts down. Those who are inside are not touched. Measures no time by
// itself: the server reports how late its timers are.

/** Why a newcomer is refused: no place, the process is at its limit or shuts down, or too many replay a long past. */
export type RefusalCause = 'full' | 'lag' | 'closing' | 'replays'

export interface AdmissionRefusal {
  readonly cause: RefusalCause
  /** After how long to try again, milliseconds; undefined: as usual where it is refused. */
  readonly retryMs: number | undefined
}

/** The mean of so many measurements counts: of about a second. */
const MEASUREMENTS = 10
/** A measurement counts as so many limits at most: one long pause, such as a garbage collection, refuses nobody. */
const COUNTED_LIMITS_MAX = 2.5

export class Admission {
  readonly #lagMaxMs: number
  readonly #lagsMs: number[] = []
  readonly #refused = { full: 0, lag: 0, closing: 0, replays: 0 }
  #isLate = false
  #closingRetryMs: (() => number) | undefined

  /** @param lagMaxMs newcomers are refused above this mean lag, until it is below a half of it; 0: never for lag. */
  constructor(lagMaxMs = 0) {
    this.#lagMaxMs = lagMaxMs
  }

  /** How many were refused, by cause; they only rise. */
  get refused(): Readonly<Record<RefusalCause, number>> {
    return { ...this.#refused }
  }

  /** @param ms how late a timer was that is set ten times a second. */
  addLag(ms: number): void {
    this.#lagsMs.push(Math.min(ms, COUNTED_LIMITS_MAX * this.#lagMaxMs))
    if (this.#lagsMs.length > MEASUREMENTS) this.#lagsMs.shift()
    const meanMs = this.#lagsMs.reduce((sum, lagMs) => sum + lagMs, 0) / MEASUREMENTS
    this.#isLate = this.#lagMaxMs > 0 && meanMs > (this.#isLate ? this.#lagMaxMs / 2 : this.#lagMaxMs)
  }

  /** Takes nobody from now on. @param retryMs drawn for each newcomer. */
  close(retryMs: () => number): void {
    this.#closingRetryMs = retryMs
  }

  /**
   * @param isFull all places are taken. @param isReplayFull so are those that this newcomer's replay needs.
   * @returns undefined when a newcomer may come in.
   */
  refusal(isFull: boolean, isReplayFull = false): AdmissionRefusal | undefined {
    if (this.#closingRetryMs !== undefined) return { cause: 'closing', retryMs: this.#closingRetryMs() }
    if (isFull || this.#isLate) return { cause: isFull ? 'full' : 'lag', retryMs: undefined }
    return isReplayFull ? { cause: 'replays', retryMs: undefined } : undefined
  }

  /** The same for a newcomer who is answered with it: a refusal is counted. */
  refuse(isFull: boolean, isReplayFull = false): AdmissionRefusal | undefined {
    const refusal = this.refusal(isFull, isReplayFull)
    if (refusal !== undefined) this.#refused[refusal.cause]++
    return refusal
  }
}
