// Schemas of the requests of a lockstep session, one JSON object a line. Unknown fields are refused, so that a misspelt
// field is never ignored. docs/lockstep.md describes them with their answers.

import { FEED_EVENTS, SIMULATION_PRESETS } from '@papertape/protocol'
import Type, { type Static } from 'typebox'
import { INSTRUMENTS } from '../market/instruments.ts'

/** Of the book in an observation. */
const LEVELS_MAX = 10
/** Counted exactly in ten-thousandths. */
const CASH_MAX = 100_000_000_000

const seed = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'A whole number' })
const episode = Type.Integer({ description: 'The episode, by the number that its opening was answered with' })
const checkpoint = Type.Integer({ description: 'The checkpoint, by the number that `save` was answered with' })
const duration = (description: string) => Type.String({ description: `${description}, such as 90s, 30m, 6.5h` })

const request = <T extends string, P extends Type.TProperties>(type: T, description: string, fields: P) =>
  Type.Object({ type: Type.Literal(type), ...fields }, { additionalProperties: false, description })

export const LOCKSTEP_REQUESTS = {
  open: request('open', 'Opens an episode. Answer: opened', {
    seed,
    preset: Type.Optional(Type.Enum([...SIMULATION_PRESETS], { description: 'As --preset; mixed when absent' })),
    symbols: Type.Optional(
      Type.Integer({ minimum: 1, maximum: INSTRUMENTS.length, description: 'How many instruments; 1 when absent' }),
    ),
    duration: Type.Optional(duration('Market time from 09:30:00 to the end; 1h when absent')),
    warmUp: Type.Optional(duration('Market time of it before the first observation; 10s when absent')),
    scenario: Type.Optional(Type.String({ description: 'As --scenario: flash-crash@10:30,halt+20m' })),
    levels: Type.Optional(
      Type.Integer({ minimum: 1, maximum: LEVELS_MAX, description: 'Levels of a side of each book; 1 when absent' }),
    ),
    cash: Type.Optional(Type.Number({ minimum: 0, maximum: CASH_MAX, description: '1,000,000 when absent' })),
    margin: Type.Optional(Type.Boolean({ description: 'Whether the account may sell short; false when absent' })),
    events: Type.Optional(
      Type.Array(Type.Enum([...FEED_EVENTS]), { description: 'Public events that answers have; none when absent' }),
    ),
  }),
  step: request('step', 'Sends orders, then lets market time pass. Answer: stepped', {
    episode,
    by: Type.Optional(
      Type.Union([Type.Number({ minimum: 0 }), Type.String()], {
        description: 'How long: milliseconds, microseconds as a fraction; or a duration such as 1s',
      }),
    ),
    until: Type.Optional(
      Type.Union([Type.Number(), Type.String()], {
        description: 'To when, in place of `by`: milliseconds since 1970, 10:15:00, or 45m after the start',
      }),
    ),
    orders: Type.Optional(
      Type.Array(Type.Record(Type.String(), Type.Unknown()), { description: 'Messages of the order channel' }),
    ),
  }),
  reset: request('reset', 'Begins the episode anew with another seed. Answer: opened', { episode, seed }),
  save: request('save', 'Saves the state of an episode. Answer: saved', { episode }),
  restore: request('restore', 'Takes an episode back to a checkpoint. Answer: opened', {
    episode,
    checkpoint,
    seed: Type.Optional(seed),
  }),
  fork: request('fork', 'Opens another episode at a checkpoint. Answer: opened', {
    checkpoint,
    seed: Type.Optional(seed),
  }),
  drop: request('drop', 'Drops a checkpoint. Answer: done', { checkpoint }),
  close: request('close', 'Closes an episode. Answer: done', { episode }),
} as const

export type LockstepRequestType = keyof typeof LOCKSTEP_REQUESTS
export type LockstepRequest<T extends LockstepRequestType = LockstepRequestType> = {
  [K in T]: Static<(typeof LOCKSTEP_REQUESTS)[K]>
}[T]
