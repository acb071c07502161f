// A position in the log, `<epoch>-<seq>`: the id of an event on every transport and of a snapshot. Its alphabet needs
// no CORS preflight in the header Last-Event-ID.

export const POSITION_PATTERN = '^[0-9a-z]{4,12}-[0-9]{1,16}$'
const POSITION = new RegExp(POSITION_PATTERN)

export interface Position {
  /** The generation of the log; survives restarts. */
  readonly epoch: string
  /** The number of the last public event that this position includes; 0 is before the first. */
  readonly seq: number
}

export function formatPosition(epoch: string, seq: number): string {
  return `${epoch}-${seq}`
}

/** Undefined when the text is no position. A seq past 2^53 is rounded: it is ahead of any log. */
export function parsePosition(text: string): Position | undefined {
  if (!POSITION.test(text)) return undefined
  const dash = text.indexOf('-')
  return { epoch: text.slice(0, dash), seq: Number(text.slice(dash + 1)) }
}
