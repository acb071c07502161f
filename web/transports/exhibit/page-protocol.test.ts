// Which answers say over what a page runs.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newestProtocol } from './page-protocol.ts'

const API = 'https://tape.example/v1/'
const answer = (path: string, nextHopProtocol: string) => ({ name: `https://tape.example${path}`, nextHopProtocol })

describe('the protocol of a page', () => {
  test('is that of its document before there is an answer', () => {
    assert.equal(newestProtocol('h2', [], API), 'h2')
  })

  test('is that of the newest answer of the API, once the browser has changed', () => {
    const answers = [answer('/v1/instruments', 'h2'), answer('/v1/quotes', 'h3')]
    assert.equal(newestProtocol('h2', answers, API), 'h3')
  })

  test('is not that of files, other servers, or answers of which the browser says nothing', () => {
    const answers = [
      answer('/v1/quotes', 'h3'),
      answer('/_next/static/a.js', 'h2'),
      { name: 'https://other.example/v1/quotes', nextHopProtocol: 'http/1.1' },
      answer('/v1/account', ''),
    ]
    assert.equal(newestProtocol('h2', answers, API), 'h3')
  })
})
