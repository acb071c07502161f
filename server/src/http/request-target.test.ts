// Request targets in each form of RFC 9112 section 3.2, at the root and below a base path.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pathOf, routeTarget, targetHost } from './request-target.ts'

describe('a request target', () => {
  for (const [target, path] of [
    ['/v1/market', '/v1/market'],
    ['/v1/stream?last=a-1', '/v1/stream?last=a-1'],
    ['http://localhost:8080/v1/market?x=1', '/v1/market?x=1'],
    ['HTTPS://localhost', '/'],
    ['http://localhost?x=1', '/?x=1'],
    ['*', '/*'],
    ['//elsewhere/v1', '//elsewhere/v1'],
  ] as const) {
    test(`${target} is routed as ${path}`, () => assert.equal(routeTarget(target, ''), path))
  }

  for (const [target, path] of [
    ['/tape/v1/market', '/v1/market'],
    ['/v1/market', '/v1/market'],
    ['/tape', '/'],
    ['/tape?x=1', '/?x=1'],
    ['/tape/', '/'],
    ['/tapes/v1', '/tapes/v1'],
    ['http://localhost/tape/v1/market', '/v1/market'],
  ] as const) {
    test(`${target} below /tape is routed as ${path}`, () => assert.equal(routeTarget(target, '/tape'), path))
  }

  test('names a host in absolute form only', () => {
    assert.equal(targetHost('http://evil.example:81/v1'), 'evil.example:81')
    assert.equal(targetHost('/v1?to=http://evil.example'), undefined)
  })

  test('has a path without its query', () => {
    assert.deepEqual(['/a?b?c', '/a', '?b'].map(pathOf), ['/a', '/a', ''])
  })
})
