// The schedule of a day as pure functions of the time: the phase at a time, and the next event. Days are in UTC.
// timers.ts carries it out.

import type { Phase } from '@papertape/protocol'
import type { PhaseEvent } from './phase.ts'
import type { Rules, ScheduleRules } from './rules.ts'

export const DAY_MS = 86_400_000

export interface ScheduledEvent {
  readonly time: number
  /** `bands`: their width changes, the phase does not. */
  readonly event: PhaseEvent | 'bands'
}

export function phaseAt(schedule: ScheduleRules, time: number): Phase {
  const ms = time % DAY_MS
  if (ms < schedule.preOpenMs || ms >= schedule.closedMs) return 'closed'
  if (ms < schedule.openingAuctionMs) return 'preOpen'
  if (ms < schedule.continuousMs) return 'openingAuction'
  return ms < schedule.closingAuctionMs ? 'continuous' : 'closingAuction'
}

/** How many times as wide as usual the bands are. */
export function bandFactorAt({ bands, schedule }: Rules, time: number): number {
  if (bands === null || schedule === null) return 1
  const ms = time % DAY_MS
  const { afterOpening, beforeClosing } = bands.doubledMs
  const isDoubled = ms < schedule.continuousMs + afterOpening || ms >= schedule.closingAuctionMs - beforeClosing
  return isDoubled ? 2 : 1
}

/** The first event after a time; undefined without a schedule. */
export function scheduledAfter(rules: Rules, time: number): ScheduledEvent | undefined {
  const events = eventsOfDay(rules)
  if (events.length === 0) return undefined
  const midnight = time - (time % DAY_MS)
  const today = events.find(event => midnight + event.time > time)
  if (today !== undefined) return { ...today, time: midnight + today.time }
  return { ...events[0]!, time: midnight + DAY_MS + events[0]!.time }
}

/** By time after midnight; of two at one time the change of phase first. */
function eventsOfDay({ bands, schedule }: Rules): ScheduledEvent[] {
  if (schedule === null) return []
  const events: ScheduledEvent[] = [
    { time: schedule.preOpenMs, event: 'preOpen' },
    { time: schedule.openingAuctionMs, event: 'callOpening' },
    { time: schedule.continuousMs, event: 'open' },
    { time: schedule.closingAuctionMs, event: 'callClosing' },
    { time: schedule.closedMs, event: 'close' },
  ]
  if (bands !== null) {
    const { afterOpening, beforeClosing } = bands.doubledMs
    if (afterOpening > 0) events.push({ time: schedule.continuousMs + afterOpening, event: 'bands' })
    if (beforeClosing > 0) events.push({ time: schedule.closingAuctionMs - beforeClosing, event: 'bands' })
  }
  return events.sort((a, b) => a.time - b.time)
}
