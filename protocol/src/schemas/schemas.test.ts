// All schemas: each field is described, and each example is valid and has no field that its schema does not have.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type Type from 'typebox'
import { bookChecksum } from '../checksum.ts'
import { ERRORS } from '../codes/errors.ts'
import { REJECTS, type RejectCode } from '../codes/rejects.ts'
import { FEED_EVENTS } from '../constants/feed.ts'
import { chooseTransport, DECISION_ROOT, DECISION_TREE } from '../decision-tree.ts'
import { describeInstrument, ticksOf } from '../instruments.ts'
import { problem, rejectProblem } from '../problem.ts'
import { assertFeedEvent, assertMatches, assertOutbound } from '../testing/messages.ts'
import { Ticker } from '../views/ticker.ts'
import { tickerSnapshot } from '../views/ticker-snapshot.ts'
import * as entry from './index.ts'
import { type JsonSchema, toJsonSchema202012 } from './json-schema.ts'

interface Described extends Type.TSchema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
  readonly items?: Described | readonly Described[]
  readonly anyOf?: readonly Described[]
  readonly examples?: readonly object[]
}

const isSchema = (value: unknown): value is Described =>
  typeof value === 'object' && value !== null && ('type' in value || 'anyOf' in value || 'enum' in value)
const named = Object.entries(entry as Record<string, unknown>).filter((pair): pair is [string, Described] =>
  isSchema(pair[1]),
)
const messages = Object.entries({ ...entry.INBOUND, ...entry.OUTBOUND }) as [string, Described][]
const all: [string, Described][] = [...named, ...messages]

/** Paths of fields without description. */
function undescribed(schema: Described, path: string): string[] {
  const { properties = {}, items = [], anyOf = [] } = schema
  const fields = Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}.${name}`] : []),
    ...undescribed(field, `${path}.${name}`),
  ])
  const parts = [...[items].flat(), ...anyOf].flatMap(part => undescribed(part, path))
  return [...fields, ...parts]
}

describe('each schema', () => {
  test('is found', () => assert.ok(named.length > 40 && messages.length > 20, `${named.length} ${messages.length}`))

  test('describes each of its fields', () => {
    assert.deepEqual(
      all.flatMap(([name, schema]) => undescribed(schema, name)),
      [],
    )
  })

  test('of a message or an answer has a description and a valid example', () => {
    for (const [name, schema] of all) {
      for (const example of schema.examples ?? []) assertMatches(schema, example, name)
      if (/Answer$/.test(name) || messages.some(([type]) => type === name)) {
        assert.notEqual(schema.description, undefined, name)
        const parts = schema.anyOf ?? [schema]
        if (schema.type !== 'array')
          assert.ok(
            parts.some(({ examples }) => examples !== undefined),
            `${name}: example`,
          )
      }
    }
  })
})

test('each schema is JSON Schema 2020-12 after the conversion, with shared schemas as references', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
  for (const [name, schema] of all) {
    const $defs: Record<string, JsonSchema> = {}
    const whole = JSON.stringify({ ...toJsonSchema202012(schema, $defs), $defs })
    const validate = ajv.compile(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')))
    for (const example of schema.examples ?? [])
      assert.ok(validate(example), `${name}: ${ajv.errorsText(validate.errors)}`)
  }
})

describe('what the package itself produces', () => {
  test('matches the schemas: instruments, problems, snapshots, transports', () => {
    const spec = { symbol: 'VELTR', name: 'V', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 9 }
    assertMatches(entry.Instrument, describeInstrument(spec, 'continuous'))
    for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
      assertMatches(entry.Problem, problem(code, 'why', 250))
    }
    for (const code of Object.keys(REJECTS) as RejectCode[]) {
      const limit = { name: 'tickSize', value: 0.01 } as const
      assertMatches(entry.Problem, rejectProblem({ code, text: 'why', limit }))
    }
    const ticker = new Ticker('VELTR', 'continuous', 184.2)
    assertMatches(entry.InstrumentSnapshot, tickerSnapshot(ticker))
    assertMatches(entry.TransportAnswer, chooseTransport({ realtime: true }))
    assertMatches(entry.TransportAnswer, { root: DECISION_ROOT, nodes: DECISION_TREE })
  })

  test('includes the checksum of the example of a book', () => {
    const { examples } = entry.Snapshot as unknown as { examples: [entry.Snapshot] }
    const { bids, asks, checksum } = examples[0].instruments[0]!.book!
    const inTicks = (levels: typeof bids) => levels.map(([price, size]) => [ticksOf(price, 0.01), size] as const)
    assert.equal(bookChecksum(inTicks(bids), inTicks(asks)), checksum)
  })
})

describe('the check of a sent message', () => {
  const heartbeat = { type: 'heartbeat', head: 1, lastSeq: null, serverTime: 2 }

  test('accepts what is documented', () => {
    assertOutbound(heartbeat)
    assertFeedEvent('heartbeat', { head: 1, serverTime: 2 })
  })

  test('names a field that is missing, wrong or unknown, and a message without a schema', () => {
    const { head: _, ...headless } = heartbeat
    assert.throws(() => assertOutbound(headless), /head/)
    assert.throws(() => assertOutbound({ ...heartbeat, head: '1' } as { type: string }), /\/head/)
    assert.throws(() => assertOutbound({ ...heartbeat, extra: 1 } as { type: string }), /additional properties|extra/)
    assert.throws(() => assertOutbound({ type: 'gossip' }), /gossip has no schema/)
    assert.throws(() => assertFeedEvent('tick', {}), /tick has no schema/)
    assert.deepEqual(Object.keys(entry.FEED_EVENT_SCHEMAS), [...FEED_EVENTS])
  })
})
