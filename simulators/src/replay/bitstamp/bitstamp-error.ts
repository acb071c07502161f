// An invalid Bitstamp log: the line, and what was expected there. Thrown by the parser and the replay.

export class BitstampError extends Error {
  /** Counted from 1; undefined for the whole file. */
  readonly line: number | undefined

  constructor(text: string, line?: number) {
    super(line === undefined ? text : `line ${line}: ${text}`)
    this.name = 'BitstampError'
    this.line = line
  }
}
