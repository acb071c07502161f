// Whose pages may act: ours and those that are listed, and none that only looks like them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { isOwnOrigin } from './origins.ts'

const LISTED = ['https://desk.example']
const CASES: readonly [name: string, origin: string | undefined, host: string, own: boolean][] = [
  ['a program, which sends none', undefined, 'localhost:8080', true],
  ['our own page', 'http://localhost:8080', 'localhost:8080', true],
  ['our own page over TLS', 'https://localhost:8443', 'localhost:8443', true],
  ['our own page on a standard port', 'https://tape.example', 'tape.example', true],
  ['our own page by its address', 'http://127.0.0.1:8080', '127.0.0.1:8080', true],
  ['our own page by its IPv6 address', 'http://[::1]:8080', '[::1]:8080', true],
  ['a listed origin', 'https://desk.example', 'localhost:8080', true],
  ['a listed origin over clear HTTP', 'http://desk.example', 'localhost:8080', false],
  ['a listed origin on another port', 'https://desk.example:8443', 'localhost:8080', false],
  ['a name that begins like a listed one', 'https://desk.example.evil.example', 'localhost:8080', false],
  ['a name that ends like a listed one', 'https://evil-desk.example', 'localhost:8080', false],
  ['another port of our host', 'http://localhost:3000', 'localhost:8080', false],
  ['our host without its port', 'http://localhost', 'localhost:8080', false],
  ['another name of the same machine', 'http://127.0.0.1:8080', 'localhost:8080', false],
  ['a foreign page', 'https://evil.example', 'localhost:8080', false],
  ['a name that begins like ours', 'http://localhost:8080.evil.example', 'localhost:8080', false],
  ['a subdomain of ours', 'http://a.localhost:8080', 'localhost:8080', false],
  ['ours as the user of another', 'http://localhost:8080@evil.example', 'localhost:8080', false],
  ['another as the user of ours', 'http://evil.example@localhost:8080', 'localhost:8080', false],
  ['ours with a path, which no origin has', 'http://localhost:8080/x', 'localhost:8080', false],
  ['an opaque origin', 'null', 'localhost:8080', false],
  ['an empty one', '', 'localhost:8080', false],
  ['two of them', 'http://localhost:8080, http://evil.example', 'localhost:8080', false],
  ['another scheme of our host', 'chrome-extension://localhost:8080', 'localhost:8080', false],
  ['a file, when no host was named', 'file://', '', false],
  ['an opaque origin, when no host was named', 'null', '', false],
]

for (const [name, origin, host, own] of CASES) {
  test(`${name}: ${own ? 'may' : 'may not'}`, () => {
    const headers = origin === undefined ? {} : { origin }
    assert.equal(isOwnOrigin({ headers, host } as FastifyRequest, LISTED), own)
  })
}
