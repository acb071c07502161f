// Which port is used for which version of HTTP, from each page.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { serverOrigins } from './server-origins.ts'

const ANSWER = {
  clear: ['http://localhost:8080', 'http://127.0.0.1:8080'],
  secure: ['https://localhost:8443', 'https://127.0.0.1:8443'],
}

describe('the origins of an exhibit', () => {
  test('leave the six connections of a page over HTTP/1.1 to the dashboard', () => {
    assert.deepEqual(serverOrigins('http://localhost:8080', 'http/1.1', ANSWER), {
      http1: 'http://127.0.0.1:8080',
      http2: 'https://localhost:8443',
      other: 'https://localhost:8443',
    })
  })

  test('are the own one for HTTP/2 from a page over HTTP/2', () => {
    assert.deepEqual(serverOrigins('https://localhost:8443', 'h2', ANSWER), {
      http1: 'http://localhost:8080',
      http2: 'https://localhost:8443',
      other: 'http://localhost:8080',
    })
  })

  test('are the own one where the host has one name', () => {
    const answer = { clear: ['http://10.0.0.5:8080'], secure: ['https://10.0.0.5:8443'] }
    assert.equal(serverOrigins('http://10.0.0.5:8080', 'http/1.1', answer).http1, 'http://10.0.0.5:8080')
  })

  test('behind a proxy are the own one, for what it speaks', () => {
    const none = { clear: [], secure: [] }
    const own = 'https://tape.example'
    assert.deepEqual(serverOrigins(own, 'h3', none), { http1: undefined, http2: own, other: undefined })
    assert.deepEqual(serverOrigins(own, 'http/1.1', none), { http1: own, http2: undefined, other: undefined })
  })
})
