// Heartbeats: they come when there have been 15 s without a frame that carries an id, and carry the position up to
// which everything has been sent.

import { Heartbeat } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import type { FrameList } from '../../target/feed-stream.ts'

const HEARTBEAT_MS = 15_000
/** News may come in between, and puts it off. */
const HEARTBEAT_WAIT_MS = 40_000
const LATE_MS = 2_500

/**
 * The first heartbeat, due 15 s after the last frame with an id. It may come earlier: readers of the same subscription
 * have the same heartbeats.
 */
async function expectHeartbeat(frames: FrameList, epoch: string): Promise<void> {
  const heartbeat = await frames.first('heartbeat', { limitMs: HEARTBEAT_WAIT_MS })
  const before = frames.items.slice(0, frames.items.indexOf(heartbeat))
  const since = before.findLast(({ id }) => id !== undefined) ?? before[0]!
  const waitedMs = heartbeat.atMs - since.atMs
  const isInTime = waitedMs < HEARTBEAT_MS + LATE_MS
  expectTrue(isInTime, 'a heartbeat 15 s after the last id', `after ${Math.round(waitedMs)} ms`)
  expectSchema('the heartbeat', Heartbeat, heartbeat.data)
  expectEqual('the id of the heartbeat', heartbeat.id, `${epoch}-${heartbeat.data.head}`)
}

const SLOW = { waitsMs: HEARTBEAT_MS }

export const HEARTBEATS = chapter('Heartbeat', [
  requirement(
    'heartbeat-quiet',
    'A quiet stream has a heartbeat within 15 s, with the position up to which it is sent.',
    async probe => {
      const { frames } = await probe.stream('events=news')
      await expectHeartbeat(frames, (await frames.first('hello')).data.epoch)
    },
    SLOW,
  ),

  requirement(
    'heartbeat-conflated',
    'Conflated quotes carry no id and do not put the heartbeat off.',
    async probe => {
      const { frames } = await probe.stream('events=quote')
      await expectHeartbeat(frames, (await frames.first('hello')).data.epoch)
      expectTrue(frames.durable.length > 0, 'quotes before the heartbeat')
    },
    SLOW,
  ),

  requirement(
    'heartbeat-not-needed',
    'A stream whose frames carry ids has no heartbeat.',
    async probe => {
      const { frames } = await probe.stream('mode=raw&events=quote')
      await probe.sleep(HEARTBEAT_MS + LATE_MS)
      const withIds = frames.durable.map(({ atMs }) => atMs)
      const gapsMs = withIds.slice(1).map((atMs, index) => atMs - withIds[index]!)
      expectTrue(Math.max(...gapsMs) < HEARTBEAT_MS, 'quotes all the time')
      expectTrue(
        frames.items.every(({ event }) => event !== 'heartbeat'),
        'no heartbeat',
      )
    },
    SLOW,
  ),

  requirement(
    'heartbeat-subscription',
    'A quiet subscription on the socket has the same heartbeat.',
    async probe => {
      const socket = await probe.socket()
      await socket.ask({ type: 'subscribe', subscription: 'quiet', events: ['news'] })
      const frames = socket.framesOf('quiet')
      await expectHeartbeat(frames, (await frames.first('hello')).data.epoch)
    },
    SLOW,
  ),
])
