// An invalid LOBSTER file: the line, and what was expected there. Thrown by the parsers and the replay.

export type LobsterErrorCode =
  | 'empty'
  | 'columns'
  | 'number'
  | 'message-type'
  | 'direction'
  | 'order-id'
  | 'price'
  | 'time-order'
  | 'file-name'

export class LobsterError extends Error {
  readonly code: LobsterErrorCode
  /** Counted from 1; undefined for the whole file. */
  readonly line: number | undefined

  constructor(code: LobsterErrorCode, text: string, line?: number) {
    super(line === undefined ? text : `line ${line}: ${text}`)
    this.name = 'LobsterError'
    this.code = code
    this.line = line
  }
}
