// An HTTP answer that has been read to its end, and what the contract says of every error.

import { Problem } from '@papertape/protocol/schemas'
import { expectEqual, expectMatch, expectSchema, NotOffered } from '../judgement/expect.ts'

// biome-ignore lint/suspicious/noExplicitAny: checks read fields of many kinds of bodies
export type Json = any

export interface HttpAnswer {
  /** As it was asked: `GET /v1/quotes`. */
  readonly route: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; undefined when it is not JSON. */
  readonly body: Json
}

export async function readAnswer(route: string, response: Response): Promise<HttpAnswer> {
  const text = await response.text()
  return { route, status: response.status, headers: response.headers, text, body: parseJson(text) }
}

export function parseJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @returns the problem. */
export function expectProblem(answer: HttpAnswer, status: number, code?: string): Problem {
  const { route, headers, body } = answer
  expectEqual(`the status of ${route}`, answer.status, status)
  expectMatch(`the media type of the ${status} of ${route}`, headers.get('content-type'), /^application\/problem\+json/)
  expectSchema(`the problem of ${route}`, Problem, body)
  expectEqual(`the status in the problem of ${route}`, body.status, status)
  if (code !== undefined) expectEqual(`the code of ${route}`, body.code, code)
  return body
}

export function expectStatus(answer: HttpAnswer, status: number): HttpAnswer {
  expectEqual(`the status of ${answer.route}`, answer.status, status)
  return answer
}

/** @throws {NotOffered} when the answer says that the target has no such route. */
export function requireOffered(answer: HttpAnswer): HttpAnswer {
  const { status, body, route } = answer
  const isAbsent = status === 501 || (status === 404 && body?.code === 'not-found')
  if (isAbsent) throw new NotOffered(`${route} answers ${status}: ${body?.detail ?? 'no reason given'}`)
  return answer
}
