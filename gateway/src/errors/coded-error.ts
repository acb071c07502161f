// An error that is returned to the client: a code of protocol's table, and a detail that says what to do. Any other
// error that is thrown is answered with `internal`.

import { ERRORS, type ErrorCode, type Problem, problem } from '@papertape/protocol'

export class CodedError extends Error {
  readonly code: ErrorCode
  readonly retryMs: number | undefined

  /** @param detail what was wrong with the request, and how to correct it. */
  constructor(code: ErrorCode, detail: string, retryMs?: number) {
    super(detail)
    this.code = code
    this.retryMs = retryMs
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  problem(): Problem {
    return problem(this.code, this.message, this.retryMs)
  }
}
