// How far the account's private stream has been seen without a hole: what the next logon asks to go on from.
// Pure; order-channel.ts feeds it. Folding what the events say is account-view.ts's business.

export interface PrivateStreamPosition {
  /** The first event that has not been seen; undefined before anything is known. */
  readonly nextSeq: number | undefined
  /** Of the stream that the numbers are of; undefined before a logon. */
  readonly epoch: string | undefined
  /** A logon has been answered; another epoch makes the old numbers meaningless. */
  resume(logon: { readonly privateEpoch: string }): void
  /** A snapshot, true at this seq. */
  reset(seq: number): void
  /** An event. One past a hole is not counted: the next logon would skip what is missing. */
  see(seq: number | undefined): void
}

/** The number that a message takes in the private stream, if it is of it. */
export function privateSeq(message: object): number | undefined {
  const seq: unknown = 'seq' in message ? message.seq : undefined
  return typeof seq === 'number' ? seq : undefined
}

export function createPrivateStreamPosition(nextSeq?: number): PrivateStreamPosition {
  let next = nextSeq
  let epoch: string | undefined
  return {
    get nextSeq() {
      return next
    },
    get epoch() {
      return epoch
    },
    resume({ privateEpoch }) {
      if (epoch !== undefined && epoch !== privateEpoch) next = undefined
      epoch = privateEpoch
    },
    reset(seq) {
      next = seq + 1
    },
    see(seq) {
      if (seq !== undefined && seq === next) next = seq + 1
    },
  }
}
