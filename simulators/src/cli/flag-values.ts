// What a flag's text means: durations, paces, counts, seeds. Each says what it would have taken when it refuses.

import { INSTRUMENTS } from '../instruments.ts'
import { usageFailure } from './failure.ts'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }
const DAYS_MOST_MS = 366 * 24 * 3_600_000

/** `6.5h`, `30m`, `90s` as whole milliseconds. */
export function parseDuration(text: string): number {
  const durationMs = readDuration(text)
  if (durationMs === undefined || durationMs > DAYS_MOST_MS) {
    throw usageFailure(`--duration takes 90s, 30m, 6.5h and the like, up to a year, not "${text}"`)
  }
  return durationMs
}

/** The same; undefined when it is none. */
export function readDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(text)
  const durationMs = match === null ? 0 : Math.round(Number(match[1]) * UNIT_MS[match[2]!]!)
  return durationMs < 1 ? undefined : durationMs
}

/** `60x` is 60; undefined is as fast as it goes. */
export function parsePace(text: string): number | undefined {
  if (text === 'max') return undefined
  const match = /^(\d+(?:\.\d+)?)x$/.exec(text)
  const pace = match === null ? 0 : Number(match[1])
  if (pace < 0.01 || pace > 1_000_000) throw usageFailure(`--pace takes max, 1x, 60x and the like, not "${text}"`)
  return pace
}

/** From 1. */
export function parseCount(flag: string, text: string, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0
  if (count < 1 || count > most) throw usageFailure(`--${flag} takes a whole number from 1 to ${most}, not "${text}"`)
  return count
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
