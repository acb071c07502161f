// What the log has of a request's URL: no token, signature or listen key.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { logRequest } from './log-request.ts'

test('a URL is logged without the secrets that are in it', () => {
  const hex = '0123456789abcdef'.repeat(4)
  const token = `pt_${'aB3-_xYz'.repeat(4)}`
  const shown = (url: string) => logRequest({ method: 'GET', url, host: 'x', ip: '::1' } as FastifyRequest).url
  assert.equal(shown('/v1/account?token=abc&x=1'), '/v1/account?token=…&x=1')
  assert.equal(shown(`/v1/account?last=${token}`), '/v1/account?last=pt_…')
  assert.equal(shown(`/v1/account?last=${token.slice(0, -1)}`), '/v1/account?last=pt_…')
  assert.equal(shown(`/v1/account/${token.replaceAll('_', '%5F')}`), '/v1/account/pt_…')
  assert.equal(shown(`/v1/account/${token.replaceAll('_', '%255F')}`), '/v1/account/pt_…')
  assert.equal(shown(`/v1/account?authorization=Bearer%20${token}&x=1`), '/v1/account?authorization=…&x=1')
  assert.equal(shown(`/v1/account?x=Bearer%20${token}`), '/v1/account?x=Bearer%20pt_…')
  assert.equal(shown(`/v1/account?x=%22${token}%22&y=1`), '/v1/account?x=%22pt_…&y=1')
  assert.equal(shown(`/v1/account?x=my_${token}`), '/v1/account?x=my_pt_…')
  assert.equal(shown(`/v1/market?x=%3D${token.replace('pt', 'op')}`), '/v1/market?x=%3Dop_…')
  for (const name of ['api-key', 'x-api-key', 'access-token', 'listen_key', 'client_secret', 'Authorization'])
    assert.equal(shown(`/v1/account?${name}=abc`), `/v1/account?${name}=…`)
  assert.equal(shown(`/binance/ws/${hex}`), '/binance/ws/…')
  assert.equal(shown(`/binance/ws/x_${hex}%22`), '/binance/ws/x_…%22')
  assert.equal(shown('/v1/orders/stop_loss'), '/v1/orders/stop_loss')
  assert.equal(
    shown(`/binance/api/v3/order?symbol=A&signature=${hex.toUpperCase()}`),
    '/binance/api/v3/order?symbol=A&signature=…',
  )
  assert.equal(shown('/v1/quotes?symbols=VELTR'), '/v1/quotes?symbols=VELTR')
})
