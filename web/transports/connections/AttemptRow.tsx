// One connection of the exhibit: its number, its state, and how long it waited and ran as a bar on the time axis.

import { formatAge } from '../../format/format.ts'
import { type ConnectionAttempt, isActive, isQueued, waitedMs } from './attempts.ts'
import css from './connections.module.css'

export interface AttemptRowProps {
  readonly attempt: ConnectionAttempt
  readonly nowMs: number
  /** What the axis shows. */
  readonly fromMs: number
  readonly toMs: number
  readonly onClose: () => void
}

function stateText(attempt: ConnectionAttempt, nowMs: number): string {
  const waited = formatAge(waitedMs(attempt, nowMs))
  switch (attempt.state) {
    case 'waiting':
      return isQueued(attempt, nowMs) ? `waits in the browser, ${waited}` : 'asked'
    case 'open':
      return `open, answered after ${waited}`
    case 'done':
      return `answered after ${waited}`
    case 'closed':
      return attempt.answeredMs === undefined ? `given up after ${waited}` : `closed, answered after ${waited}`
    case 'failed':
      return 'failed'
  }
}

export function AttemptRow({ attempt, nowMs, fromMs, toMs, onClose }: AttemptRowProps) {
  const { number, kind, state, askedMs, answeredMs, firstEventMs, endedMs } = attempt
  const share = (atMs: number) => `${((Math.min(atMs, toMs) - fromMs) / (toMs - fromMs)) * 100}%`
  const width = (from: number, to: number) => `${((Math.min(to, toMs) - from) / (toMs - fromMs)) * 100}%`
  const endMs = endedMs ?? nowMs
  return (
    <li
      className={css.row}
      data-testid={`attempt-${number}`}
      data-kind={kind}
      data-state={isQueued(attempt, nowMs) ? 'queued' : state}
    >
      <b>{number}</b>
      <span>{kind}</span>
      <span className={css.track} aria-hidden="true">
        <i className={css.waiting} style={{ left: share(askedMs), width: width(askedMs, answeredMs ?? endMs) }} />
        {answeredMs !== undefined && (
          <i className={css.running} style={{ left: share(answeredMs), width: width(answeredMs, endMs) }} />
        )}
        {firstEventMs !== undefined && <i className={css.event} style={{ left: share(firstEventMs) }} />}
      </span>
      <span className={css.state}>{stateText(attempt, nowMs)}</span>
      {isActive(attempt) && (
        <button type="button" aria-label={`Close ${kind} ${number}`} onClick={onClose}>
          Close
        </button>
      )}
    </li>
  )
}
