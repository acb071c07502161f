// What the log has of a request's URL: no token, signature or listen key.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { logRequest } from './log-request.ts'

test('a URL is logged without the secrets that are in it', () => {
  const hex = '0123456789abcdef'.repeat(4)
  const shown = (url: string) => logRequest({ method: 'GET', url, host: 'x', ip: '::1' } as FastifyRequest).url
  assert.equal(shown('/v1/account?token=abc&x=1'), '/v1/account?token=…&x=1')
  assert.equal(shown('/v1/account?last=pt_abc-DEF'), '/v1/account?last=pt_…')
  assert.equal(shown('/v1/account/pt%5Fabc-DEF'), '/v1/account/pt_…')
  assert.equal(shown(`/binance/ws/${hex}`), '/binance/ws/…')
  assert.equal(
    shown(`/binance/api/v3/order?symbol=A&signature=${hex.toUpperCase()}`),
    '/binance/api/v3/order?symbol=A&signature=…',
  )
  assert.equal(shown('/v1/quotes?symbols=VELTR'), '/v1/quotes?symbols=VELTR')
})
