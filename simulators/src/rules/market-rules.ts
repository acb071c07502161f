// Parses the settings of the exchange's rules to the numbers that the engine needs, and gives the part of a market's
// name that stands for them, since a market with other rules is another market. Pure.

import { LULD_BANDS, type Rules, type ScheduleRules } from '@papertape/engine'
import type { SessionHours } from '../market/intraday-profile.ts'

/** The texts of the settings. */
export interface RuleSettings {
  /** Per cent of the reference price, or `off`. */
  readonly bands: string
  readonly collar: string
  /** Five times of day, or empty. */
  readonly schedule: string
}

export const STANDARD_RULES: RuleSettings = { bands: '5', collar: '5', schedule: '' }

const BPS_PER_PERCENT = 100
const PERCENT_MAX = 50
const MINUTE_MS = 60_000

/** @throws {RangeError} on a text that its parser below refuses. */
export function rulesOf({ bands, collar, schedule }: RuleSettings): Partial<Rules> {
  const [bandBps, collarBps, day] = [parsePercent(bands), parsePercent(collar), parseSchedule(schedule)]
  if (bandBps === undefined || collarBps === undefined || day === undefined) throw new RangeError('invalid rules')
  return {
    bands: bandBps === null ? null : bandsOf(bandBps),
    collar: collarBps === null ? null : { bps: collarBps, leastUnits: 2_500 },
    schedule: day,
  }
}

/** Names the settings that differ from the standard; empty when none does. */
export function nameOfRules(settings: RuleSettings): string {
  const { bands, collar, schedule } = settings
  const parts = [
    bands === STANDARD_RULES.bands ? '' : `-bands-${bands}`,
    collar === STANDARD_RULES.collar ? '' : `-collar-${collar}`,
    schedule === STANDARD_RULES.schedule ? '' : `-day-${schedule.replaceAll(':', '').replaceAll(',', '-')}`,
  ]
  return parts.join('')
}

/** Basis points; null for `off`, undefined when invalid. */
export function parsePercent(text: string): number | null | undefined {
  if (text === 'off') return null
  if (!/^[0-9]{1,2}(\.[0-9]{1,2})?$/.test(text)) return undefined
  const bps = Math.round(Number(text) * BPS_PER_PERCENT)
  return bps >= 1 && bps <= PERCENT_MAX * BPS_PER_PERCENT ? bps : undefined
}

/** When the phases of a day begin; null for a market that never closes, undefined when invalid. */
export function parseSchedule(text: string): ScheduleRules | null | undefined {
  if (text === '') return null
  const times = text.split(',').map(parseTimeOfDay)
  const isRising = times.every((time, at) => time !== undefined && (at === 0 || time > times[at - 1]!))
  if (times.length !== 5 || !isRising) return undefined
  const [preOpenMs, openingAuctionMs, continuousMs, closingAuctionMs, closedMs] = times as number[]
  return {
    preOpenMs: preOpenMs!,
    openingAuctionMs: openingAuctionMs!,
    continuousMs: continuousMs!,
    closingAuctionMs: closingAuctionMs!,
    closedMs: closedMs!,
  }
}

/** Between the two auctions of each day; null for a market that never closes. */
export function hoursOf({ schedule }: Partial<Rules>): SessionHours | null {
  return schedule ? { startMs: schedule.continuousMs, endMs: schedule.closingAuctionMs } : null
}

function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text) ?? []
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
}

/** The bands of the LULD plan with another width for prices above 3.00; the second tier has twice as much. */
function bandsOf(bps: number): Rules['bands'] {
  const [widest, ...others] = LULD_BANDS.widths
  return { ...LULD_BANDS, widths: [{ ...widest!, tierOneBps: bps, tierTwoBps: 2 * bps }, ...others] }
}
