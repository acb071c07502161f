// The code tables: each code has a text, a status that agrees with its retry rule, and close codes are the contract's.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CLOSE_CODES, retryAfterClose } from './codes/close-codes.ts'
import { ERRORS, type ErrorCode } from './codes/errors.ts'
import { REJECTS, type RejectCode } from './codes/rejects.ts'
import { docsLink, problem, rejectProblem } from './problem.ts'

const errors = Object.entries(ERRORS)
const rejects = Object.entries(REJECTS)

describe('every code', () => {
  test('fits into a URL and has a text', () => {
    for (const [code, text] of [...errors.map(([code, { title }]) => [code, title] as const), ...rejects]) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/)
      assert.match(text, /^[A-Z].{10,}[^.]$/, code)
      assert.equal(docsLink(code as ErrorCode), `/docs/errors#${code}`)
    }
  })

  test('has an HTTP status that agrees with its retry rule', () => {
    for (const [code, { status, retry }] of errors) {
      const known = [400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 416, 417, 421, 426, 429, 431, 500, 501, 503]
      assert.ok(known.includes(status), `${code} ${status}`)
      // A retry helps only when the fault is not in the request. What a room refuses is not repeated.
      const canHelp = (status === 429 || (status >= 500 && status !== 501)) && !code.startsWith('room-')
      assert.equal(retry, canHelp ? 'retryAfter' : 'never', code)
    }
  })
})

describe('a problem', () => {
  test('has the code, its documentation and a detail', () => {
    assert.deepEqual(problem('rate-limited', 'send fewer', 250), {
      type: '/docs/errors#rate-limited',
      title: ERRORS['rate-limited'].title,
      status: 429,
      code: 'rate-limited',
      detail: 'send fewer',
      docs: '/docs/errors#rate-limited',
      retryMs: 250,
    })
    assert.ok(!('retryMs' in problem('not-found', 'look elsewhere')))
  })

  test('of a rejected order is a 422 with the reject code', () => {
    for (const [code, title] of rejects) {
      const body = rejectProblem({ code: code as RejectCode, text: 'try 585.33' })
      assert.deepEqual(
        [body.status, body.code, body.title, body.detail, body.docs],
        [422, code, title, 'try 585.33', `/docs/errors#${code}`],
      )
    }
  })
})

describe('close codes', () => {
  test('are those of the contract, with their retry rules', () => {
    const contract = {
      1000: 'never',
      1001: 'retryAfter',
      1002: 'never',
      1003: 'never',
      1006: 'retry',
      1007: 'never',
      1008: 'never',
      1009: 'never',
      1011: 'retryAfter',
      4400: 'never',
      4401: 'never',
      4408: 'retry',
      4409: 'never',
      4429: 'retryAfter',
    }
    const table = Object.entries(CLOSE_CODES)
    assert.deepEqual(Object.fromEntries(table.map(([code, { retry }]) => [code, retry])), contract)
    for (const [code, { meaning, retry }] of table) {
      assert.notEqual(meaning, '')
      assert.equal(retryAfterClose(Number(code)), retry)
    }
  })

  test('that the server never sends count as a lost connection', () => {
    for (const code of [0, 1005, 1012, 1015, 4000, 4999]) assert.equal(retryAfterClose(code), 'retry')
  })
})
