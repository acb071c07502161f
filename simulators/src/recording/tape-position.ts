// A position in a tape: the number of an event, or a market time.

/** The event with this number, or the first one at this market time (ms since 1970) or later. */
export type TapePosition = { readonly seq: number } | { readonly time: number }

/** @param ts the event's time in microseconds. */
export function isBefore(position: TapePosition, seq: number, ts: number): boolean {
  return 'seq' in position ? seq < position.seq : ts < position.time * 1000
}
