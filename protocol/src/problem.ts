// Error answers of the HTTP API (RFC 9457), built from an error code or from a reject.

import { ERRORS, type ErrorCode } from './codes/errors.ts'
import { REJECTS, type RejectCode } from './codes/rejects.ts'
import type { Problem, Reject } from './schemas/problem.ts'

/** The path of the documentation of a code. */
export function docsLink(code: ErrorCode | RejectCode): string {
  return `/docs/errors#${code}`
}

/** The body of an error answer (RFC 9457). `detail` says what to do. */
export function problem(code: ErrorCode, detail: string, retryMs?: number): Problem {
  const { status, title } = ERRORS[code]
  const body = { type: docsLink(code), title, status, code, detail, docs: docsLink(code) }
  return retryMs === undefined ? body : { ...body, retryMs }
}

/** A reject of the exchange as an error answer: 422 with the reject's own code. */
export function rejectProblem(reject: Reject): Problem {
  const { code, text, limit, scripted } = reject
  const body = { type: docsLink(code), title: REJECTS[code], status: 422, code, detail: text, docs: docsLink(code) }
  return { ...body, ...(limit === undefined ? {} : { limit }), ...(scripted === undefined ? {} : { scripted }) }
}
