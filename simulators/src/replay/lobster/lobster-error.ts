// What is wrong with a LOBSTER file, for a person: the line and what was expected there. Thrown by the parser and by the
// replay's set-up; whoever opened the file shows the message.

export type LobsterErrorCode =
  | 'empty'
  | 'columns'
  | 'number'
  | 'message-type'
  | 'direction'
  | 'order-id'
  | 'time-order'
  | 'file-name'

export class LobsterError extends Error {
  readonly code: LobsterErrorCode
  /** Counted from 1; undefined when it is about the whole file. */
  readonly line: number | undefined

  constructor(code: LobsterErrorCode, text: string, line?: number) {
    super(line === undefined ? text : `line ${line}: ${text}`)
    this.name = 'LobsterError'
    this.code = code
    this.line = line
  }
}
