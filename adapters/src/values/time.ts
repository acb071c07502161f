// Times as other venues write them (RFC 3339, UTC), without the runtime's Date: this package has no clock. Days are
// counted in the proleptic Gregorian calendar. Pure.

const DAY_MS = 86_400_000
/** Days from 0000-03-01 to 1970-01-01; years begin in March, so that a leap day is the last one. */
const EPOCH_DAYS = 719_468
const DAYS_OF_ERA = 146_097

const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/

interface CivilDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** `2026-01-05`. @param ms since 1970. */
export function formatDate(ms: number): string {
  const { year, month, day } = dayOf(Math.floor(ms / DAY_MS))
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** `2026-01-05T09:30:00.250000Z`. @param us whole microseconds since 1970. */
export function formatTimestamp(us: number): string {
  const ms = Math.floor(us / 1_000)
  const ofDay = ms - Math.floor(ms / DAY_MS) * DAY_MS
  const [hours, minutes, seconds] = [ofDay / 3_600_000, (ofDay / 60_000) % 60, (ofDay / 1_000) % 60].map(Math.floor)
  const fraction = (ofDay % 1_000) * 1_000 + (us - ms * 1_000)
  return `${formatDate(ms)}T${pad(hours!, 2)}:${pad(minutes!, 2)}:${pad(seconds!, 2)}.${pad(fraction, 6)}Z`
}

/** Milliseconds since 1970 of a date or a time; undefined for any other text. Without an offset it is UTC. */
export function parseTimestamp(text: string): number | undefined {
  const parts = TIME.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hours, minutes, seconds] = parts.slice(1, 7).map(part => Number(part ?? 0))
  const date = { year: year!, month: month!, day: day! }
  const days = daysOf(date)
  const { month: sameMonth } = dayOf(days)
  if (sameMonth !== date.month || date.day < 1 || hours! > 24 || minutes! > 59 || seconds! > 60) return undefined
  const fractionMs = Math.floor(Number(`0.${parts[7] ?? '0'}`) * 1_000)
  const ofDay = hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1_000 + fractionMs
  return days * DAY_MS + ofDay - offsetMs(parts[8])
}

/** The UTC midnight at or before a time. */
export function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS
}

function offsetMs(text: string | undefined): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(text ?? '')
  if (parts === null) return 0
  const minutes = Number(parts[2]) * 60 + Number(parts[3])
  return (parts[1] === '-' ? -minutes : minutes) * 60_000
}

function daysOf({ year, month, day }: CivilDay): number {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_OF_ERA + dayOfEra - EPOCH_DAYS
}

function dayOf(days: number): CivilDay {
  const since = days + EPOCH_DAYS
  const era = Math.floor(since / DAYS_OF_ERA)
  const dayOfEra = since - era * DAYS_OF_ERA
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
