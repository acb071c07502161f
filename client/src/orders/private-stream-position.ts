// How far the account's private stream was received without a gap: the next logon resumes from here. Pure.
// channel-session.ts updates it; views/account-view.ts reads the events.

/** The number of a message in the private stream; undefined when it is not of that stream. */
export function privateSeq(message: object): number | undefined {
  const seq: unknown = 'seq' in message ? message.seq : undefined
  return typeof seq === 'number' ? seq : undefined
}

export class PrivateStreamPosition {
  #nextSeq: number | undefined
  #epoch: string | undefined

  constructor(nextSeq?: number) {
    this.#nextSeq = nextSeq
  }

  /** The first event that was not received; undefined before a snapshot. */
  get nextSeq(): number | undefined {
    return this.#nextSeq
  }

  /** Of the private stream; undefined before a logon. */
  get epoch(): string | undefined {
    return this.#epoch
  }

  /** The epoch of a logon; numbers of another epoch are not valid any more. */
  setEpoch(epoch: string): void {
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.#nextSeq = undefined
    this.#epoch = epoch
  }

  /** A snapshot as of this seq. */
  reset(seq: number): void {
    this.#nextSeq = seq + 1
  }

  /** An event. After a gap it does not count: the next logon would skip what is missing. */
  advance(seq: number | undefined): void {
    if (seq !== undefined && seq === this.#nextSeq) this.#nextSeq = seq + 1
  }
}
