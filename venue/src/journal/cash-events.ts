// Which private events have changed their account's cash: its opening, fills, deposits. Recognized by their text, so
// that a journal can index them, also those that it had before there was a ledger.

/** In the syntax of SQLite's GLOB. A quote within a text of an event is escaped, so no text can look like a field. */
export const CASH_EVENT_GLOBS = [
  '{"type":"execution",*,"tradeId":[0-9]*',
  '{"type":"deposit",*',
  // The first balance is that of the opening; the others follow what changed them.
  '{"type":"balance","seq":1,*',
] as const

const PATTERNS = CASH_EVENT_GLOBS.map(glob => new RegExp(`^${glob.replace('{', '\\{').replaceAll('*', '.*')}$`))

export function changesCash(data: string): boolean {
  return PATTERNS.some(pattern => pattern.test(data))
}
