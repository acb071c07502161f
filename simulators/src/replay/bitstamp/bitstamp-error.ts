// What is wrong with a Bitstamp log, for a person: the line and what was expected there. Thrown by the parser; whoever
// opened the file shows the message.

export class BitstampError extends Error {
  /** Counted from 1; undefined when it is about the whole file. */
  readonly line: number | undefined

  constructor(text: string, line?: number) {
    super(line === undefined ? text : `line ${line}: ${text}`)
    this.name = 'BitstampError'
    this.line = line
  }
}
