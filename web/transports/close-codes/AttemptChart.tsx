// The attempts after a close: for each the range that its wait is drawn from, the wait as it passes, and how it ended.

import { CHANNEL_BACKOFF } from '@papertape/client'
import { type AttemptBar, attemptAxis } from './attempt-bars.ts'
import css from './close-codes.module.css'
import type { Attempt } from './run-state.ts'

interface AttemptChartProps {
  readonly attempts: readonly Attempt[]
  readonly nowMs: number
}

export function AttemptChart({ attempts, nowMs }: AttemptChartProps) {
  const { bars, ticksMs, lengthMs } = attemptAxis(attempts, nowMs)
  return (
    <figure className={css.chart}>
      <figcaption>Wait after the loss, before each attempt</figcaption>
      <ol data-testid="attempts">
        {bars.map(bar => (
          <li key={bar.number} className={css.attempt} data-state={bar.state}>
            <span className={css.name}>Attempt {bar.number}</span>
            <Bar bar={bar} />
            <span className={css.result}>{resultText(bar)}</span>
          </li>
        ))}
      </ol>
      <div className={css.axis} aria-hidden="true">
        {ticksMs.map(tickMs => (
          <span key={tickMs} style={{ left: percent(tickMs / lengthMs) }}>
            {tickMs / 1_000} s
          </span>
        ))}
      </div>
      <p className={css.text}>
        Without a request of the server each wait is drawn at random between {CHANNEL_BACKOFF.leastMs / 1_000} s and a
        limit that doubles, up to {CHANNEL_BACKOFF.mostMs / 1_000} s (the outlined range): clients that lost their
        connection together do not come back together. The course notes stop after five attempts; this client goes on.
      </p>
    </figure>
  )
}

function Bar({ bar: { elapsed, due, range } }: { readonly bar: AttemptBar }) {
  return (
    <span className={css.track} aria-hidden="true">
      {range !== undefined && (
        <span className={css.range} style={{ left: percent(range.from), width: percent(range.to - range.from) }} />
      )}
      <span className={css.passed} style={{ width: percent(elapsed) }} />
      <span className={css.due} style={{ left: percent(due) }} />
    </span>
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`
}

function resultText({ state, attempt: { waitMs, drawnFrom, result } }: AttemptBar): string {
  const wait = `${(waitMs / 1_000).toFixed(2)} s`
  const origin =
    drawnFrom === undefined ? 'as asked' : `of ${drawnFrom.leastMs / 1_000} to ${drawnFrom.ceilingMs / 1_000} s`
  const end = { waiting: 'waiting', connecting: 'connecting', connected: 'connected', failed: `failed, ${result}` }[
    state
  ]
  return `${wait} ${origin}: ${end}`
}
