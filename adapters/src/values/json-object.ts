// JSON objects of clients: parsed only when they are not nested too deeply. Pure.

import { requireShallowJson } from '@papertape/gateway'

export type JsonObject = Readonly<Record<string, unknown>>

/** undefined for what is no JSON object. @throws {CodedError} too-deep */
export function parseJsonObject(text: string): JsonObject | undefined {
  requireShallowJson(text)
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
