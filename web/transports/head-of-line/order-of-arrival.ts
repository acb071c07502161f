// Which streams ran on after a packet was lost, by the order in which events arrived: the sender numbers them across
// all streams, so a stream ran on when a later event of it arrived well before one of another stream that was sent
// earlier. Pure; called by loss-experiment.ts and loss-lanes.ts.

export interface Arrival {
  /** The stream. */
  readonly lane: number
  /** The sender's, across all lanes. */
  readonly number: number
  /** By the wall clock, since 1970. */
  readonly atMs: number
}

export interface LossOutcome {
  /** The lanes of which an event overtook the lost one. */
  readonly ranOn: readonly number[]
  /** The longest time without an event of any lane. */
  readonly silenceMs: number
}

/** `independent`: all others ran on. `shared`: none did, and all were silent together. */
export type LossFinding = 'independent' | 'some' | 'shared' | 'unclear'

/** Less may be jitter of the machine. */
const OVERTAKEN_BY_MS = 40
/** Ten times what lies between two events of the laboratory, and a round trip: a retransmission takes longer. */
const SILENT_MS = 100

/** @param arrivals of one trial, from shortly before the loss, in the order in which they came. */
export function lossOutcome(arrivals: readonly Arrival[]): LossOutcome {
  let ranOn: readonly number[] = []
  for (const arrival of arrivals) {
    const overtaking = lanesAheadOf(arrival, arrivals)
    if (overtaking.length > ranOn.length) ranOn = overtaking
  }
  return { ranOn, silenceMs: longestGap(arrivals)?.lengthMs ?? 0 }
}

export function lossFinding({ ranOn, silenceMs }: LossOutcome, lanes: number): LossFinding {
  if (ranOn.length === lanes - 1) return 'independent'
  if (ranOn.length > 0) return 'some'
  return silenceMs >= SILENT_MS ? 'shared' : 'unclear'
}

/** The longest time between two arrivals; undefined when there are fewer than two. */
export function longestGap(
  arrivals: readonly Arrival[],
): { readonly fromMs: number; readonly lengthMs: number } | undefined {
  return arrivals
    .slice(1)
    .map(({ atMs }, index) => ({ fromMs: arrivals[index]!.atMs, lengthMs: atMs - arrivals[index]!.atMs }))
    .reduce<{ fromMs: number; lengthMs: number } | undefined>(
      (longest, gap) => (gap.lengthMs > (longest?.lengthMs ?? -1) ? gap : longest),
      undefined,
    )
}

function lanesAheadOf(late: Arrival, arrivals: readonly Arrival[]): number[] {
  const ahead = arrivals.filter(
    ({ lane, number, atMs }) => lane !== late.lane && number > late.number && atMs <= late.atMs - OVERTAKEN_BY_MS,
  )
  return [...new Set(ahead.map(({ lane }) => lane))].sort((a, b) => a - b)
}
