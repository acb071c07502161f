// The exchange's rules as settings say them: texts in, the numbers that the engine runs by out, and the part of a market's
// name that they make, since another rule makes another market. Pure.

import { LULD_BANDS, type Rules, type ScheduleRules } from '@papertape/engine'

/** As the config has them. */
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

/** @throws {RangeError} on a text that its parser below does not take. */
export function rulesOf({ bands, collar, schedule }: RuleSettings): Partial<Rules> {
  const [bandBps, collarBps, day] = [parsePercent(bands), parsePercent(collar), parseSchedule(schedule)]
  if (bandBps === undefined || collarBps === undefined || day === undefined) throw new RangeError('no such rules')
  return {
    bands: bandBps === null ? null : bandsOf(bandBps),
    collar: collarBps === null ? null : { bps: collarBps, leastUnits: 2_500 },
    schedule: day,
  }
}

/** Of the settings that are not the standard ones; empty when all are. */
export function nameOfRules(settings: RuleSettings): string {
  const { bands, collar, schedule } = settings
  const parts = [
    bands === STANDARD_RULES.bands ? '' : `-bands-${bands}`,
    collar === STANDARD_RULES.collar ? '' : `-collar-${collar}`,
    schedule === STANDARD_RULES.schedule ? '' : `-day-${schedule.replaceAll(':', '').replaceAll(',', '-')}`,
  ]
  return parts.join('')
}

/** Hundredths of a per cent; null is off, undefined no per cent at all. */
export function parsePercent(text: string): number | null | undefined {
  if (text === 'off') return null
  if (!/^[0-9]{1,2}(\.[0-9]{1,2})?$/.test(text)) return undefined
  const bps = Math.round(Number(text) * BPS_PER_PERCENT)
  return bps >= 1 && bps <= PERCENT_MAX * BPS_PER_PERCENT ? bps : undefined
}

/** When the phases of a day begin; null is never, undefined no schedule at all. */
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

function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text) ?? []
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
}

/** The plan's widths, those of prices above 3.00 as asked for: the second tier has twice as much. */
function bandsOf(bps: number): Rules['bands'] {
  const [widest, ...others] = LULD_BANDS.widths
  return { ...LULD_BANDS, widths: [{ ...widest!, tierOneBps: bps, tierTwoBps: 2 * bps }, ...others] }
}
