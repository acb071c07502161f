// For tests: checks that what is sent is what the schemas document. A field that a schema does not have is an error
// too.

import assert from 'node:assert/strict'
import type Type from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { CONTROL_EVENT_SCHEMAS } from '../schemas/feed/control-events.ts'
import { FEED_EVENT_SCHEMAS } from '../schemas/feed/events.ts'
import { type JsonSchema, toJsonSchema202012 } from '../schemas/json-schema.ts'
import { OUTBOUND } from '../schemas/outbound.ts'

const EVENT_SCHEMAS = { ...FEED_EVENT_SCHEMAS, ...CONTROL_EVENT_SCHEMAS }
const validators = new WeakMap<object, Validator>()

/** @throws {AssertionError} naming the fields that are missing, wrong or undocumented. */
export function assertMatches(schema: Type.TSchema, value: unknown, name = 'the value'): void {
  let validator = validators.get(schema)
  if (validator === undefined) {
    validator = Compile(withoutUnknownFields(toJsonSchema202012(schema)) as Type.TSchema)
    validators.set(schema, validator)
  }
  if (validator.Check(value)) return
  const faults = [...validator.Errors(value)].map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
  assert.fail(`${name}: ${faults.join('; ')} in ${JSON.stringify(value)}`)
}

/** A message of the server on the order channel. */
export function assertOutbound(message: { readonly type: string }): void {
  const schema = (OUTBOUND as Record<string, Type.TSchema>)[message.type]
  if (schema === undefined) assert.fail(`the message ${message.type} has no schema`)
  assertMatches(schema, message, message.type)
}

/** An event of the feed, over SSE or in a long poll. */
export function assertFeedEvent(event: string, data: unknown): void {
  const schema = (EVENT_SCHEMAS as Record<string, Type.TSchema>)[event]
  if (schema === undefined) assert.fail(`the event ${event} has no schema`)
  assertMatches(schema, data, event)
}

function withoutUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknownFields)
  if (typeof value !== 'object' || value === null) return value
  const { examples, ...others } = value as JsonSchema
  // A list is the keyword; a schema is that of a field with this name.
  const schema = Array.isArray(examples) ? others : (value as JsonSchema)
  const copy = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, withoutUnknownFields(part)]))
  const isObject = schema.type === 'object' && schema.properties !== undefined
  return isObject && schema.additionalProperties === undefined ? { ...copy, additionalProperties: false } : copy
}
