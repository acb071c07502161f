// Parses the name of a LOBSTER file, such as AAPL_2012-06-21_34200000_37800000_message_50.csv: a symbol, and a day in
// New York as market time, computed without the platform's calendar.

import { DAY_MS, HOUR_MS } from '../../time-units.ts'
import { LobsterError } from './lobster-error.ts'

const NAME = /^([A-Z][A-Z0-9.-]{0,11})_(\d{4})-(\d{2})-(\d{2})_/

export interface LobsterFileName {
  readonly symbol: string
  /** Midnight in New York, whole ms since 1970: the messages' times are relative to it. */
  readonly midnightTime: number
}

/** @throws {LobsterError} when the name does not start with a symbol and a day. */
export function parseLobsterFileName(fileName: string): LobsterFileName {
  const match = NAME.exec(fileName)
  if (match === null) {
    throw new LobsterError(
      'file-name',
      `the name of a LOBSTER file starts with symbol and day, as in AAPL_2012-06-21_..._message_50.csv, not "${fileName}": rename the file, or use --name`,
    )
  }
  const [year, month, day] = [Number(match[2]), Number(match[3]), Number(match[4])]
  if (month < 1 || month > 12 || day < 1 || day > 31) {
    throw new LobsterError('file-name', `${match[2]}-${match[3]}-${match[4]} in "${fileName}" is not a day`)
  }
  const offsetHours = isSummerTime(year, month, day) ? 4 : 5
  // Exchanges write a share class as BRK.B, vendors as BRK-B; symbols here have the dot.
  const symbol = match[1]!.replaceAll('-', '.')
  return { symbol, midnightTime: daysSince1970(year, month, day) * DAY_MS + offsetHours * HOUR_MS }
}

/** In the Gregorian calendar, with years that start in March (H. Hinnant's days_from_civil). */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + dayOfYear - 719_468
}

/** The US rule since 2007: from the second Sunday of March to the first of November. */
function isSummerTime(year: number, month: number, day: number): boolean {
  // 1970-01-01 was a Thursday.
  const sundayOnOrAfter = (from: number) => from + ((7 - ((from + 4) % 7)) % 7)
  const today = daysSince1970(year, month, day)
  return today >= sundayOnOrAfter(daysSince1970(year, 3, 8)) && today < sundayOnOrAfter(daysSince1970(year, 11, 1))
}
