// Positions that cannot be served: one `reset`, a snapshot, live events; never an error, silence or a part of a replay.

import { Reset } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue, NotOffered } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem } from '../../target/answer.ts'
import { isDurable } from '../../target/feed-stream.ts'
import type { Probe } from '../../target/probe.ts'
import { EVERYTHING_RAW } from './positions.ts'

async function logRange(probe: Probe) {
  const stream = await probe.stream('events=news')
  const { data } = await stream.frames.first('hello')
  stream.close()
  return data
}

/** The frames of a reader that asks for this position, up to its first live event. */
async function resetFrames(probe: Probe, requested: string, query = EVERYTHING_RAW) {
  const stream = await probe.stream(`${query}&last=${encodeURIComponent(requested)}`)
  await stream.frames.until('a live event', isDurable)
  return stream.frames.items
}

async function expectReset(probe: Probe, reason: string, requested: string): Promise<void> {
  const [hello, reset, snapshot] = await resetFrames(probe, requested)
  expectEqual('the first events', [hello?.event, reset?.event, snapshot?.event], ['hello', 'reset', 'snapshot'])
  expectEqual('reason and requested', [reset!.data.reason, reset!.data.requested], [reason, requested])
}

export const RESETS = chapter('Reset', [
  requirement('reset-bad-id', 'A malformed id is answered with `reset`, reason bad-id.', async probe => {
    for (const id of ['nonsense', 'ABCD-1', 'abcd-', '12']) await expectReset(probe, 'bad-id', id)
  }),

  requirement('reset-epoch', 'An id of another epoch is answered with `reset`, reason epoch.', async probe => {
    await expectReset(probe, 'epoch', 'zzzz0000-1')
  }),

  requirement('reset-ahead', 'An id newer than the head is answered with `reset`, reason ahead.', async probe => {
    const { epoch, head } = await logRange(probe)
    await expectReset(probe, 'ahead', `${epoch}-${head + 10_000_000}`)
    await expectReset(probe, 'ahead', `${epoch}-9999999999999999`)
  }),

  requirement(
    'reset-expired',
    'An id older than what is kept is answered with `reset`, reason expired.',
    async probe => {
      const { epoch, oldest } = await logRange(probe)
      if (oldest <= 1) throw new NotOffered('the log still holds every event: nothing has expired')
      await expectReset(probe, 'expired', `${epoch}-0`)
    },
  ),

  requirement('reset-fields', '`reset` has reason, requested, epoch, and oldest and head as numbers.', async probe => {
    const [hello, reset] = await resetFrames(probe, 'zzzz0000-1')
    expectSchema('the reset', Reset, reset!.data)
    expectEqual('the epoch in reset', reset!.data.epoch, hello!.data.epoch)
    expectTrue(reset!.data.head >= reset!.data.oldest, 'head not below oldest', reset!.data)
    expectEqual('the id of reset', reset!.id, undefined)
  }),

  requirement('reset-once', 'There is exactly one `reset`, and one snapshot, before the live events.', async probe => {
    const events = (await resetFrames(probe, 'nonsense')).map(({ event }) => event)
    expectEqual('the number of resets', events.filter(event => event === 'reset').length, 1)
    expectEqual('the number of snapshots', events.filter(event => event === 'snapshot').length, 1)
  }),

  requirement('reset-snapshot', 'The snapshot comes also with snapshot=false.', async probe => {
    const frames = await resetFrames(probe, 'nonsense', `${EVERYTHING_RAW}&snapshot=false`)
    expectEqual('the event after reset', frames[2]?.event, 'snapshot')
  }),

  requirement('reset-live', 'After the snapshot of a `reset` each event comes, without a hole.', async probe => {
    const stream = await probe.stream(EVERYTHING_RAW, 'nonsense')
    const { data } = await stream.frames.first('snapshot')
    const [first, second] = await stream.frames.count('events', 2, isDurable)
    const position = Number(data.id.split('-')[1])
    expectEqual(
      'the first events after the snapshot',
      [first!.data.seq, second!.data.seq],
      [position + 1, position + 2],
    )
  }),

  requirement('reset-poll', 'A long poll is answered with reset and snapshot, at once.', async probe => {
    const answer = await probe.get('/v1/poll?last=zzzz0000-1')
    expectSchema('the reset of a poll', Reset, answer.reset)
    expectEqual('the reason', answer.reset.reason, 'epoch')
    expectEqual('the position of the answer', answer.last, answer.snapshot?.id)
    expectEqual('the events of the answer', answer.events, [])
  }),

  requirement('reset-socket', 'A subscription on the socket is answered with `reset` and a snapshot.', async probe => {
    const socket = await probe.socket()
    await socket.ask({ type: 'subscribe', subscription: 'r', events: ['trade'], last: 'nonsense' })
    const frames = socket.framesOf('r')
    await frames.first('snapshot')
    expectEqual(
      'the first events',
      frames.items.slice(0, 3).map(({ event }) => event),
      ['hello', 'reset', 'snapshot'],
    )
    expectEqual('the reason', frames.items[1]!.data.reason, 'bad-id')
  }),

  requirement('reset-after-parameters', 'Bad parameters are a 400, also with a bad position.', async probe => {
    expectProblem(await probe.call('GET /v1/stream?maxHz=0&last=nonsense'), 400)
    expectProblem(await probe.call('GET /v1/poll?maxHz=0&last=nonsense'), 400)
  }),
])
