// The Host of a request: which names are accepted, and the answer to any other.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'
import { isKnownHost, parseHosts } from './hosts.ts'

test('a list of hosts is names', () => {
  assert.deepEqual(parseHosts('tape.example, Desk.Example.'), ['tape.example', 'desk.example'])
  for (const text of ['*', 'tape.example:8080', 'http://tape.example', 'a b', 'tape/x', '*.example', 'a@b']) {
    assert.equal(parseHosts(text), undefined, text)
  }
})

test('a known host is loopback, an address or listed', () => {
  for (const host of [
    'localhost',
    'localhost:8080',
    'LOCALHOST',
    'localhost.',
    'a.localhost:1',
    '127.0.0.1:8080',
    '127.9.9.9',
    '192.168.1.5:8080',
    '[::1]:8080',
    '[2001:db8::1]',
    'tape.example',
    'Tape.Example:443',
    'tape.example.',
  ]) {
    assert.ok(isKnownHost(host, ['tape.example']), host)
  }
  for (const host of [
    '',
    'evil.example',
    'localhost.evil.example',
    'evil-localhost',
    'sub.tape.example',
    'tape.example.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    'localhost@evil.example',
    'evil.example#localhost',
    'localhost:99999',
    'localhost, evil.example',
    '[::1',
    '::1',
  ]) {
    assert.ok(!isKnownHost(host, ['tape.example']), host)
  }
})

describe('a host', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ access: { hosts: ['tape.example'] } })
  })
  after(() => server.close())

  test('that is not known is a 421 on every route', async () => {
    for (const route of [
      'GET /',
      'GET /health',
      'GET /v1/quotes',
      'GET /v1/stream',
      'POST /v1/accounts',
      'GET /none',
    ]) {
      const { status, body } = await ask(server, route, { headers: { host: 'evil.example' } })
      assert.deepEqual([status, body.code], [421, 'unknown-host'], route)
      assert.match(body.detail, /--hosts/)
    }
  })

  test('that is known or listed is answered; HTTP/1.0 needs none', async () => {
    for (const host of ['localhost', '127.0.0.1:1', '[::1]', 'tape.example', 'TAPE.example:8080']) {
      assert.equal((await ask(server, 'GET /health', { headers: { host } })).status, 200, host)
    }
    assert.equal(readRaw(await exchange(server.port, 'GET /health HTTP/1.0\r\n\r\n')).status, 200)
  })
})
