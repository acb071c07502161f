// Up to when each account's alerts were seen in this browser. An account that is listed has had alerts here: only then
// are they requested when the page starts. Pure; dashboard/alert-preferences.ts stores it.

/** By accountId: the server's time of the newest ended alert that was seen, milliseconds since 1970. */
export type SeenAlerts = Readonly<Record<string, number>>

/** A browser holds no more accounts. */
const ACCOUNTS_MAX = 8

/** The account's entry becomes the last; the oldest ones go. */
export function withSeen(seen: SeenAlerts, accountId: string, seenMs: number): SeenAlerts {
  const { [accountId]: _, ...others } = seen
  return Object.fromEntries([...Object.entries(others).slice(1 - ACCOUNTS_MAX), [accountId, seenMs]])
}
