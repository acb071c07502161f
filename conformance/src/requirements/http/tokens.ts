// The tokens of an account: listed without themselves, revoked at once, read-only ones, none in a URL.

import { TokenAnswer, TokensAnswer } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'
import { restingOrder } from '../orders/trading-account.ts'

async function makeToken(probe: Probe, token: string, terms: object = {}): Promise<Json> {
  const body = { name: probe.newName(), ...terms }
  return expectStatus(await probe.call('POST /v1/account/tokens', { token, body }), 201).body
}

export const TOKENS = chapter('Tokens', [
  requirement('token-list', 'POST /v1/account/tokens makes a token, GET lists it without itself.', async probe => {
    const { token } = await probe.account()
    const made = await makeToken(probe, token)
    expectSchema('the token', TokenAnswer, made)
    const answer = expectStatus(await probe.call('GET /v1/account/tokens', { token: made.token }), 200)
    expectSchema('the list', TokensAnswer, answer.body)
    expectTrue(
      answer.body.tokens.some(({ id }: Json) => id === made.id),
      'the new token in the list',
      answer.body,
    )
    expectTrue(!answer.text.includes(made.token), 'no token in the list', answer.body)
  }),

  requirement(
    'token-revoke',
    'DELETE revokes a token at once: 401, and its socket is closed with 4401.',
    async probe => {
      const { token } = await probe.account()
      const made = await makeToken(probe, token)
      const { socket } = await probe.logOn({ token: made.token })
      expectStatus(await probe.call(`DELETE /v1/account/tokens/${made.id}`, { token }), 204)
      expectEqual('the close code', await probe.within(socket.closed, 'the close', 5_000), 4401)
      expectProblem(await probe.call('GET /v1/account', { token: made.token }), 401, 'bad-token')
    },
  ),

  requirement('token-read-only', 'A read-only token reads; an order with it is a 403.', async probe => {
    const { token } = await probe.account()
    const reader = await makeToken(probe, token, { readOnly: true })
    expectStatus(await probe.call('GET /v1/account', { token: reader.token }), 200)
    const body = restingOrder(probe, await probe.tradableInstrument())
    expectProblem(await probe.call('POST /v1/orders', { token: reader.token, body }), 403, 'read-only')
  }),

  requirement('token-in-url', 'A token in a URL is a 400 that says where it belongs.', async probe => {
    const { token } = await probe.account()
    const answer = await probe.call(`GET /v1/account?token=${token}`)
    expectProblem(answer, 400, 'token-in-url')
    expectTrue(!answer.text.includes(token), 'an answer that does not repeat the token', answer.body)
  }),
])
