// TypeBox schemas as JSON Schema 2020-12: tuples, shared schemas, data that looks like a schema.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { type JsonSchema, toJsonSchema202012 } from './json-schema.ts'

test('a tuple becomes prefixItems, at every depth', () => {
  const level = Type.Tuple([Type.Number(), Type.Object({ pair: Type.Tuple([Type.Integer()]) })])
  assert.deepEqual(toJsonSchema202012(Type.Array(level)), {
    type: 'array',
    items: {
      type: 'array',
      minItems: 2,
      items: false,
      prefixItems: [
        { type: 'number' },
        {
          type: 'object',
          required: ['pair'],
          properties: { pair: { type: 'array', minItems: 1, items: false, prefixItems: [{ type: 'integer' }] } },
        },
      ],
    },
  })
})

test('schemas with an $id are collected once and referred to', () => {
  const Leaf = Type.Object({ size: Type.Integer() }, { $id: 'Leaf' })
  const Branch = Type.Object({ left: Leaf, right: Type.Union([Leaf, Type.Null()]) }, { $id: 'Branch' })
  const shared: Record<string, JsonSchema> = {}
  assert.deepEqual(toJsonSchema202012(Branch, shared), { $ref: '#/components/schemas/Branch' })
  const leaf = { $ref: '#/components/schemas/Leaf' }
  assert.deepEqual(shared, {
    Leaf: { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } },
    Branch: {
      type: 'object',
      required: ['left', 'right'],
      properties: { left: leaf, right: { anyOf: [leaf, { type: 'null' }] } },
    },
  })
  assert.doesNotMatch(JSON.stringify(toJsonSchema202012(Branch)), /\$id|\$ref/)
})

test('fields named like keywords are schemas, and data stays as it is', () => {
  const data = { items: [1, 2], $id: 'data' }
  const schema = Type.Object({ items: Type.Tuple([Type.Null()]), default: Type.String() }, { examples: [data] })
  const copy = toJsonSchema202012(schema) as { properties: Record<string, JsonSchema>; examples: unknown[] }
  assert.deepEqual(copy.properties.items!.prefixItems, [{ type: 'null' }])
  assert.deepEqual(copy.properties.default, { type: 'string' })
  assert.deepEqual(copy.examples, [data])
})

test('an enum of strings has a type', () => {
  assert.deepEqual(toJsonSchema202012(Type.Enum(['a', 'b'])), { type: 'string', enum: ['a', 'b'] })
  assert.deepEqual(toJsonSchema202012(Type.Enum(['a', 1])), { enum: ['a', 1] })
})
