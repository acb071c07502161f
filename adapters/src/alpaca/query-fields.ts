// Query parameters of Alpaca's routes, checked. Pure.

import { parseTimestamp } from '../values/time.ts'
import { AlpacaError } from './errors.ts'

/** Whole and above 0. @throws {AlpacaError} */
export function limitIn(query: URLSearchParams, name: string, standard: number, most: number): number {
  const text = query.get(name) ?? ''
  if (text === '') return standard
  if (!/^[1-9]\d{0,8}$/.test(text)) throw badQuery(`${name} must be a whole number above 0`)
  return Math.min(Number(text), most)
}

/** Milliseconds since 1970; undefined when absent. @throws {AlpacaError} */
export function timeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? ''
  if (text === '') return undefined
  const time = parseTimestamp(text)
  if (time === undefined) throw badQuery(`${name} must be a date or a time of RFC 3339`)
  return time
}

export function isSetIn(query: URLSearchParams, name: string): boolean {
  // Python's clients write True.
  return query.get(name)?.toLowerCase() === 'true'
}

/** A comma list; empty when absent. */
export function listIn(query: URLSearchParams, name: string): readonly string[] {
  return (query.get(name) ?? '').split(',').filter(one => one !== '')
}

export function badQuery(message: string): AlpacaError {
  return new AlpacaError(400, message)
}
