// Parsers of flag values: durations, paces, counts, seeds. Their errors show valid values.

import { readDuration } from '@papertape/protocol'
import { INSTRUMENTS } from '../../market/instruments.ts'
import { parsePace } from '../../pace.ts'
import { DURATION_MAX_MS } from '../../run-options/run-header.ts'
import { usageFailure } from '../failure.ts'

/** `6.5h`, `30m`, `1h30m`, `2d` as whole milliseconds. */
export function parseDuration(text: string): number {
  const durationMs = readDuration(text)
  if (durationMs === undefined || durationMs > DURATION_MAX_MS) {
    throw usageFailure(`--duration takes values such as 90s, 30m, 1h30m, 6.5h or 2d, up to a year, not "${text}"`)
  }
  return durationMs
}

/** `60x` is 60; undefined means as fast as possible. */
export function parsePaceFlag(text: string): number | undefined {
  const pace = parsePace(text)
  if (pace === undefined) throw usageFailure(`--pace takes max or a multiple such as 1x, 60x or 0.5, not "${text}"`)
  return pace === Number.POSITIVE_INFINITY ? undefined : pace
}

/** A whole number from 1 to `most`. */
export function parseCount(flag: string, text: string, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0
  if (count < 1 || count > most) throw usageFailure(`--${flag} takes a whole number from 1 to ${most}, not "${text}"`)
  return count
}

/** 0 is any free port. */
export function parsePortFlag(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65_535) throw usageFailure(`--port takes a port from 0 (any free one) to 65535, not "${text}"`)
  return port
}

export function parseSymbolCount(text: string): number {
  return parseCount('symbols', text, INSTRUMENTS.length)
}

export function parseSeed(text: string, flag = 'seed'): number {
  const seed = /^\d+$/.test(text) ? Number(text) : -1
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw usageFailure(`--${flag} takes a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not "${text}"`)
  }
  return seed
}

export function parseChoice<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find(choice => choice === text)
  if (found === undefined) throw usageFailure(`--${flag} takes ${choices.join(' or ')}, not "${text}"`)
  return found
}
