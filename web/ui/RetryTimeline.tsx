// The attempts to open a lost connection again, drawn: each wait as long as it takes, each attempt at its end. After
// the fifth a button tries at once; the page itself does not give up.

'use client'

import { useEffect, useState } from 'react'
import type { ConnectionName } from '../connections/panels.ts'
import {
  ATTEMPTS_DRAWN,
  isRetrying,
  NONE_SEEN,
  type RetryStep,
  retrySteps,
  retryText,
  withWait,
} from '../connections/retry-timeline.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from './lists.module.css'
import css from './RetryTimeline.module.css'
import { useNow } from './use-now.tsx'

interface RetryTimelineProps {
  readonly connection: ConnectionName
  readonly onConnect: () => void
}

const MARKS: Readonly<Record<RetryStep['state'], string>> = { failed: '✕', trying: '…', waiting: '', planned: '' }

export function RetryTimeline({ connection, onConnect }: RetryTimelineProps) {
  const { connections, nowMs } = useDashboard()
  const facts = useObservable(connections[connection].facts)
  const [seen, setSeen] = useState(NONE_SEEN)
  useEffect(() => setSeen(before => withWait(before, facts, nowMs())), [facts, nowMs])
  const ticked = useNow()
  if (!isRetrying(facts)) return null
  const now = ticked === 0 ? nowMs() : ticked
  const hasFailed = facts.retries > ATTEMPTS_DRAWN
  return (
    <section
      className={css.retries}
      aria-label="Attempts to connect"
      data-testid="retries"
      data-attempt={facts.retries}
    >
      <p className={css.text}>{retryText(facts, now)}</p>
      <ol className={css.line}>
        {retrySteps(facts, seen, now).map(step => (
          <Step key={step.attempt} step={step} />
        ))}
      </ol>
      {hasFailed && (
        <div className={css.after}>
          <p>Five attempts have failed. The page tries on by itself.</p>
          <button
            type="button"
            className={lists.act}
            disabled={facts.state !== 'waiting'}
            onClick={onConnect}
            data-testid="connect-again"
          >
            Connect again
          </button>
        </div>
      )}
    </section>
  )
}

function Step({ step: { attempt, state, waitMs, isKnown, elapsed } }: { readonly step: RetryStep }) {
  const seconds = (waitMs / 1_000).toFixed(isKnown ? 1 : 0)
  const wait = isKnown ? `after ${seconds} s` : `after ${seconds} s at most`
  return (
    <li className={css.step} data-state={state} style={{ flexGrow: waitMs }} title={`Attempt ${attempt}: ${wait}`}>
      <span className={css.track} aria-hidden="true">
        <span className={css.elapsed} style={{ inlineSize: `${elapsed * 100}%` }} />
      </span>
      <span className={css.wait} aria-hidden="true">
        {isKnown ? seconds : `≤ ${seconds}`} s
      </span>
      <span className={css.attempt} aria-hidden="true">
        {MARKS[state] || attempt}
      </span>
      <span className="visually-hidden">
        Attempt {attempt}, {wait}: {state}
      </span>
    </li>
  )
}
