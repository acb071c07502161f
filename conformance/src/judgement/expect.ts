// How a check states what it expects: each function returns when it holds, and throws what was expected and what was
// seen when it does not. Knows no target.

import { isDeepStrictEqual } from 'node:util'
import type Type from 'typebox'
import { Compile, type Validator } from 'typebox/compile'

const SHOWN_MAX = 400

/** The target does not do what the contract says. */
export class Deviation extends Error {}

/** The target does not have what the requirement is about. */
export class NotOffered extends Error {}

/** @param expected a sentence, such as `the first event is hello`. */
export function expectTrue(isSo: boolean, expected: string, seen?: unknown): asserts isSo {
  if (!isSo) throw new Deviation(seen === undefined ? `expected: ${expected}` : `expected: ${expected}; ${shown(seen)}`)
}

/** Compares by value. */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (isDeepStrictEqual(seen, expected)) return
  throw new Deviation(`expected: ${what} ${asText(expected)}; ${shown(seen)}`)
}

export function expectMatch(what: string, seen: string | null, pattern: RegExp): void {
  if (seen === null || !pattern.test(seen)) throw new Deviation(`expected: ${what} like ${pattern}; ${shown(seen)}`)
}

const validators = new WeakMap<object, Validator>()

/** Fields that the schema does not have are allowed: a client ignores them. */
export function expectSchema(what: string, schema: Type.TSchema, value: unknown): void {
  let validator = validators.get(schema)
  if (validator === undefined) {
    validator = Compile(schema)
    validators.set(schema, validator)
  }
  if (validator.Check(value)) return
  const faults = [...validator.Errors(value)].map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
  throw new Deviation(`expected: ${what} as its schema says; ${faults.slice(0, 3).join('; ')}; ${shown(value)}`)
}

function shown(seen: unknown): string {
  return `seen: ${asText(seen)}`
}

function asText(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value))
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
