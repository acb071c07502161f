// A place in a tape: the number of an event, or a moment of market time. For whoever starts to read in the middle.

/** Where to start: at the event with this number, or at the first one of this moment (ms since 1970) or later. */
export type TapePosition = { readonly seq: number } | { readonly time: number }

/** An event is stamped in microseconds, at the moment of the command that made it. */
export function isBefore(position: TapePosition, seq: number, ts: number): boolean {
  return 'seq' in position ? seq < position.seq : ts < position.time * 1000
}
