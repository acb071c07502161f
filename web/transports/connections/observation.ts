// What the exhibit shows, in sentences: how many run, who waits and why. Pure.

import { BROWSER_LIMIT, type ConnectionAttempt, isQueued } from './attempts.ts'

export type ConnectionVersion = 'http1' | 'http2'

const verb = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

/** @param takenByDashboard connections of the same host that the dashboard itself holds */
export function observationOf(
  version: ConnectionVersion,
  attempts: readonly ConnectionAttempt[],
  takenByDashboard: number,
  nowMs: number,
): string {
  const open = attempts.filter(({ state }) => state === 'open').length
  const queued = attempts.filter(attempt => isQueued(attempt, nowMs))
  const failed = attempts.some(({ state }) => state === 'failed')
  if (failed) return 'A connection failed: the browser does not reach this address, or does not trust its certificate.'
  if (attempts.length === 0) return 'Nothing is open yet. Open six streams, then one more.'
  const running = verb(open, 'stream runs', 'streams run')
  if (version === 'http2')
    return `${running} over one connection, and nothing waits: each is a stream of its own within it.`
  const dashboard = takenByDashboard === 0 ? '' : `, and ${takenByDashboard} more for the dashboard's own data`
  if (queued.length === 0)
    return `${running}, each over a connection of its own${dashboard}; a browser opens ${BROWSER_LIMIT} to a host.`
  const first = queued[0]!
  return (
    `${running}${dashboard}: all ${BROWSER_LIMIT} connections that the browser opens to one host are taken. ` +
    `${verb(queued.length, 'request waits', 'requests wait')} in the browser, number ${first.number} first; the server has not seen ` +
    `${queued.length === 1 ? 'it' : 'them'}. Close a stream, and the first one goes.`
  )
}
