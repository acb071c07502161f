// The account's private events over Server-Sent Events: own positions, exact resume, the resets of the feed.

import { ACCOUNT_EVENT_SCHEMAS, Reset } from '@papertape/protocol/schemas'
import { expectEqual, expectMatch, expectSchema } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus } from '../../target/answer.ts'
import { type FeedStream, positionSeq } from '../../target/feed-stream.ts'
import type { Probe } from '../../target/probe.ts'
import { placeResting, tradingAccount } from './trading-account.ts'

const CONTROL_EVENTS = ['hello', 'snapshot', 'reset', 'heartbeat']

/** The numbers of the private events, once that of this number has come. */
async function numbersUpTo({ frames }: FeedStream, seq: number): Promise<number[]> {
  await frames.until(`private event ${seq}`, ({ id }) => positionSeq(id) >= seq)
  return frames.items.filter(({ event }) => !CONTROL_EVENTS.includes(event)).map(({ id }) => positionSeq(id))
}

async function expectReset(probe: Probe, token: string, reason: string, requested: string): Promise<void> {
  const { frames } = await probe.accountStream(token, requested)
  await frames.first('snapshot')
  const [hello, reset, snapshot] = frames.items
  expectEqual('the first events', [hello?.event, reset?.event, snapshot?.event], ['hello', 'reset', 'snapshot'])
  expectSchema('the reset', Reset, reset!.data)
  expectEqual('reason and requested', [reset!.data.reason, reset!.data.requested], [reason, requested])
}

export const ACCOUNT_STREAM = chapter('The stream of an account', [
  requirement('account-stream', 'HEAD /v1/account/stream answers as an event stream.', async probe => {
    const { token } = await probe.account()
    const answer = expectStatus(await probe.call('HEAD /v1/account/stream', { token }), 200)
    expectMatch('content-type', answer.headers.get('content-type'), /^text\/event-stream/)
  }),

  requirement(
    'account-stream-snapshot',
    'Without a position hello and a snapshot of the account come.',
    async probe => {
      const { accountId, token } = await probe.account()
      const { frames } = await probe.accountStream(token)
      const snapshot = await frames.first('snapshot')
      expectEqual('the first event', frames.items[0]!.event, 'hello')
      for (const name of ['hello', 'snapshot'] as const) {
        expectSchema(name, ACCOUNT_EVENT_SCHEMAS[name], (await frames.first(name)).data)
      }
      expectEqual('the account', snapshot.data.accountId, accountId)
      expectEqual('the id of the snapshot', positionSeq(snapshot.id), snapshot.data.seq)
    },
  ),

  requirement('account-stream-live', 'Each private event has its position as id, without a hole.', async probe => {
    const account = await tradingAccount(probe)
    const stream = await probe.accountStream(account.token)
    const { data } = await stream.frames.first('snapshot')
    const { seq } = await placeResting(probe, account)
    const numbers = await numbersUpTo(stream, seq)
    expectEqual(
      'the numbers after the snapshot',
      numbers,
      numbers.map((_, index) => data.seq + 1 + index),
    )
    const execution = await stream.frames.first('execution')
    expectSchema('the execution', ACCOUNT_EVENT_SCHEMAS.execution, execution.data)
    expectEqual('its number', execution.data.seq, positionSeq(execution.id))
  }),

  requirement(
    'account-stream-resume',
    'From a position each later event comes, once, and no snapshot.',
    async probe => {
      const account = await tradingAccount(probe)
      const { privateEpoch } = account.logon
      for (let order = 0; order < 3; order++) await placeResting(probe, account)
      const { seq } = await placeResting(probe, account)
      const stream = await probe.accountStream(account.token, `${privateEpoch}-1`)
      const numbers = await numbersUpTo(stream, seq)
      expectEqual(
        'the numbers after the position',
        numbers,
        numbers.map((_, index) => 2 + index),
      )
      expectEqual(
        'the snapshots',
        stream.frames.items.filter(({ event }) => event === 'snapshot'),
        [],
      )
    },
  ),

  requirement(
    'account-stream-reset',
    'A position that cannot be served gets one `reset` and a snapshot.',
    async probe => {
      const { token, logon } = await probe.logOn()
      await expectReset(probe, token, 'bad-id', 'nonsense')
      await expectReset(probe, token, 'epoch', 'zzzz0000-1')
      await expectReset(probe, token, 'ahead', `${logon.privateEpoch}-${logon.lastSeq + 10_000_000}`)
    },
  ),

  requirement('account-stream-logon', 'Without a token, and with an unknown one, it is a 401.', async probe => {
    expectProblem(await probe.call('GET /v1/account/stream'), 401)
    expectProblem(await probe.call('GET /v1/account/stream', { token: 'pt_of-nobody' }), 401)
  }),
])
