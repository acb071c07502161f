// Checks a request against the schema of its route, with error messages for people. Pure.

import Type, { type TObject, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Value } from 'typebox/value'
import { CodedError } from '../errors/coded-error.ts'
import { describeErrors, describeUnknown } from '../errors/describe-errors.ts'
import type { RouteRequest, RouteSchema } from './route.ts'

/** The values of a query by name; a parameter that is given several times has a list. */
export type QueryValues = Readonly<Record<string, string | readonly string[]>>

const TOKEN_IN_URL =
  'send it as Authorization: Bearer, or in logon on the socket. URLs end up in logs and histories: revoke this one, with ' +
  'DELETE /v1/account/tokens/:id'

export interface UncheckedRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: QueryValues
  /** Decoded from JSON; undefined without a body. */
  readonly body: unknown
}

/**
 * Refuses query parameters that are not in the schema: a misspelt one would silently have no effect.
 * @param lists may be given several times beside those that the schema has as lists.
 * @throws {CodedError} bad-parameter
 */
export function checkParameters(
  querystring: TObject | undefined,
  query: QueryValues,
  lists: readonly string[] = [],
): void {
  const { properties = {} } = querystring ?? {}
  const known = Object.keys(properties)
  for (const [name, value] of Object.entries(query)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (schema === undefined && isToken(name, value)) throw new CodedError('token-in-url', TOKEN_IN_URL)
    if (schema === undefined) throw new CodedError('bad-parameter', describeUnknown('parameter', name, known))
    if (typeof value !== 'string' && !isList(schema) && !lists.includes(name)) {
      throw new CodedError('bad-parameter', `${name} is given ${value.length} times; give it once`)
    }
    requireWholeNumber(name, schema, value)
  }
}

/** Value.Convert would truncate 1.5 to 1, and accept true and 0x10. */
function requireWholeNumber(name: string, schema: TSchema, value: unknown): void {
  if (!Type.IsInteger(schema) || /^-?[0-9]*$/.test(String(value))) return
  const given = String(value).slice(0, 64)
  throw new CodedError('bad-parameter', `${name} is a whole number in decimal digits, not ${given}`)
}

/** @throws {CodedError} bad-request: what is wrong, and what is taken; bad-parameter. */
export function checkRequest(schema: RouteSchema, request: UncheckedRequest): Omit<RouteRequest, 'sender'> {
  for (const [name, part] of Object.entries(schema.params?.properties ?? {})) {
    requireWholeNumber(name, part, request.params[name])
  }
  return {
    params: check('params', schema.params, request.params),
    query: check('querystring', schema.querystring, request.query),
    body: check('body', schema.body, request.body),
  } as Omit<RouteRequest, 'sender'>
}

/** Whatever its value: what was meant as one must not be repeated. */
function isToken(name: string, value: string | readonly string[]): boolean {
  return (
    /^(access|api|auth)?[_-]?(token|key|authorization)$/i.test(name) ||
    [value].flat().some(one => /^(pt|op)_/.test(one))
  )
}

const validators = new WeakMap<TSchema, Validator>()

function check(part: 'params' | 'querystring' | 'body', schema: TSchema | undefined, given: unknown): unknown {
  if (schema === undefined) return undefined
  const validator = validators.get(schema) ?? Compile(schema)
  validators.set(schema, validator)
  // A body has JSON's own types, the others are text.
  const value = part === 'body' ? (given ?? null) : Value.Convert(schema, given)
  if (validator.Check(value)) return value
  throw new CodedError('bad-request', `${part}: ${describeErrors(schema, validator.Errors(value), part)}`)
}

/** Whether a parameter may be given several times. */
function isList(schema: TSchema): boolean {
  return Type.IsArray(schema) || (Type.IsUnion(schema) && schema.anyOf.some(Type.IsArray))
}
