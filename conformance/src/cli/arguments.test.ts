// The command line: what is selected, and what is refused with which words.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chapter, requirement } from '../suite/requirement.ts'
import { parseConformRequest, UsageFailure } from './arguments.ts'

const passes = async () => {}
const ALL = [
  ...chapter('Position', [requirement('resume-raw', 'A.', passes), requirement('resume-last', 'B.', passes)]),
  ...chapter('Close codes', [requirement('close-1000', 'C.', passes)]),
]
const parse = (...words: string[]) => parseConformRequest(words, ALL)

describe('the command line', () => {
  it('takes a URL with or without a slash, and a path', () => {
    assert.equal(parse('http://localhost:8080/').url, 'http://localhost:8080')
    assert.equal(parse('https://tape.example/base/').url, 'https://tape.example/base')
  })

  it('selects by the beginning of an id, or by chapter', () => {
    const selected = (only: string) => parse('http://h', '--only', only).requirements.map(({ id }) => id)
    assert.deepEqual(selected('resume'), ['resume-raw', 'resume-last'])
    assert.deepEqual(selected('close-1000, resume-last'), ['resume-last', 'close-1000'])
    assert.deepEqual(selected('position'), ['resume-raw', 'resume-last'])
  })

  it('takes HTTP/2 with https', () => {
    assert.equal(parse('https://h', '--http2').isHttp2, true)
    assert.equal(parse('https://h').isHttp2, false)
  })

  it('reads times with their unit', () => {
    assert.equal(parse('http://h').limitMs, 60_000)
    assert.equal(parse('http://h', '--timeout', '1.5m').limitMs, 90_000)
  })

  for (const [words, says] of [
    [[], /give the URL of one server/],
    [['http://a', 'http://b'], /give the URL of one server/],
    [['localhost:8080'], /write it as http:\/\/localhost:8080/],
    [['http://h', '--only', 'rseume'], /no requirement begins with "rseume"; --list/],
    [['http://h', '--only', ''], /no requirement begins with ""/],
    [['http://h', '--timeout', '60'], /takes a time such as 60s or 2m, not 60/],
    [['http://h', '--http2'], /--http2 takes a URL with https, .* not http:\/\/h$/],
    [['http://h', '--jsno'], /'--jsno'; --help lists the options/],
  ] as const) {
    it(`refuses ${JSON.stringify(words)}`, () => {
      assert.throws(
        () => parse(...words),
        (error: Error) => error instanceof UsageFailure && says.test(error.message),
      )
    })
  }
})
