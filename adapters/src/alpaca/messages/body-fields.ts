// Fields of a JSON body whose type the client chooses: numbers may come as text. Pure.

import { isJsonObject, type JsonObject } from '../../values/json-object.ts'
import { invalid } from '../errors.ts'

/** undefined when it is absent or null. @throws {AlpacaError} for a value of another type. */
export function textIn(body: JsonObject, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalid(`${name} must be text`)
}

/** undefined when it is absent, null or empty. @throws {AlpacaError} for what is no decimal number. */
export function numberIn(body: JsonObject, name: string): number | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,9})?$/.test(value.trim())) return Number(value)
  throw invalid(`${name} must be a number`)
}

/** In currency; undefined as by numberIn(). @throws {AlpacaError} for what is no number above 0. */
export function priceIn(body: JsonObject, name: string): number | undefined {
  const price = numberIn(body, name)
  if (price !== undefined && price <= 0) throw invalid(`${name} must be > 0`)
  return price
}

/**
 * The fields of an object in the body, by their full names, as in `stop_loss.stop_price`.
 * @returns undefined when it is absent or null
 * @throws {AlpacaError} for what is no object.
 */
export function fieldsIn(body: JsonObject, name: string): JsonObject | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (!isJsonObject(value)) throw invalid(`${name} must be an object`)
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [`${name}.${field}`, one]))
}
