// A place in the log, `<epoch>-<seq>`: the id of every event, on every transport and in every REST snapshot.
// The alphabet keeps a browser's Last-Event-ID header free of CORS preflights.

export const POSITION_PATTERN = '^[0-9a-z]{4,12}-[0-9]{1,16}$'
const POSITION = new RegExp(POSITION_PATTERN)

export interface Position {
  /** The log's generation; survives restarts. */
  readonly epoch: string
  /** The number of the last public event that this position includes; 0 is before the first. */
  readonly seq: number
}

export function formatPosition(epoch: string, seq: number): string {
  return `${epoch}-${seq}`
}

/** Undefined when the text is no position at all. A seq past 2^53 reads as some number ahead of any log. */
export function parsePosition(text: string): Position | undefined {
  if (!POSITION.test(text)) return undefined
  const dash = text.indexOf('-')
  return { epoch: text.slice(0, dash), seq: Number(text.slice(dash + 1)) }
}
