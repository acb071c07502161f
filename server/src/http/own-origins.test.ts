// Which origins are the server's own for a request, and that nothing else gets into a policy.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ownOrigins } from './own-origins.ts'

const PORTS = { clear: 8080, secure: 8443 }

describe('the own origins', () => {
  test('of a loopback name are those of both names, on both ports', () => {
    for (const port of [8080, 8443]) {
      assert.deepEqual(ownOrigins(`localhost:${port}`, PORTS), {
        clear: ['http://localhost:8080', 'http://127.0.0.1:8080'],
        secure: ['https://localhost:8443', 'https://127.0.0.1:8443'],
      })
    }
    assert.deepEqual(ownOrigins('127.0.0.1:8080', PORTS).clear, ['http://127.0.0.1:8080', 'http://localhost:8080'])
  })

  test('of another name or address are those of that name', () => {
    assert.deepEqual(ownOrigins('[::1]:8080', PORTS), { clear: ['http://[::1]:8080'], secure: ['https://[::1]:8443'] })
    assert.deepEqual(ownOrigins('Desk.Example:8443', PORTS).clear, ['http://desk.example:8080'])
  })

  test('leave out a default port, as a browser does', () => {
    const ports = { clear: 80, secure: 443 }
    assert.deepEqual(ownOrigins('tape.example', ports), {
      clear: ['http://tape.example'],
      secure: ['https://tape.example'],
    })
  })

  for (const [name, host] of [
    ['behind a proxy on a default port', 'tape.example'],
    ['behind a proxy on another port', 'localhost:9000'],
    ['of a name that would end a directive', 'x;script-src.localhost:8080'],
    ['of a name with a quote', "'unsafe-inline'.localhost:8080"],
    ['of no host', ''],
  ] as const) {
    test(`${name} are none`, () => assert.deepEqual(ownOrigins(host, PORTS), { clear: [], secure: [] }))
  }

  test('are none before the ports are open', () => {
    assert.deepEqual(ownOrigins('localhost:8080', undefined), { clear: [], secure: [] })
  })
})
