// The line that is always in sight: how the feed and the order channel are, how old the data is, where we are in the log.

'use client'

import { useEffect, useState } from 'react'
import { isDoubtful, type LineFacts, sayState } from '../connections/connection.ts'
import { TRANSPORT_LABELS } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatAge, formatTime, NOTHING } from '../format/format.ts'
import { useCell } from '../reactive/use-observable.tsx'
import css from './Status.module.css'

/** Data of a live feed that is older than this is said to be old. */
const OLD_MS = 5_000
const TICK_MS = 250

/** The page's clock, read four times a second; 0 in the exported HTML, where no time is right. */
export function useNow(): number {
  const { nowMs } = useDashboard()
  const [now, setNow] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), TICK_MS)
    return () => clearInterval(timer)
  }, [nowMs])
  return now
}

export function Status() {
  const { lines, store, desk } = useDashboard()
  const now = useNow()
  const tape = useCell(lines.tape.cell)
  const orders = useCell(lines.orders.cell)
  const clock = useCell(store.clock)
  const { accountId } = useCell(desk.cell)
  const ageMs = tape.lastAtMs === null ? null : Math.max(0, now - tape.lastAtMs)
  const old = ageMs !== null && ageMs > OLD_MS
  return (
    <section className={css.bar} aria-label="Connections">
      <dl>
        <div className={css.item}>
          <dt>Feed</dt>
          <dd className={css.state} data-testid="feed-state" data-state={feedWord(tape)} title={tape.note ?? undefined}>
            {tape.state === 'idle' ? 'connecting' : sayState(tape)}
          </dd>
          <dd className={`${css.mono} ${css.wide}`}>{TRANSPORT_LABELS[tape.transport].short}</dd>
        </div>
        <div className={css.item}>
          <dt>Age</dt>
          <dd className={`${css.age} ${old || isDoubtful(tape) ? css.old : ''}`} data-testid="data-age">
            {sayAge(ageMs)}
          </dd>
        </div>
        <div className={`${css.item} ${css.wide}`}>
          <dt>Position</dt>
          <dd className={css.mono} data-testid="feed-position">
            {tape.position ?? NOTHING}
          </dd>
        </div>
        <div className={css.item}>
          <dt>Orders</dt>
          <dd
            className={css.state}
            data-testid="channel-state"
            data-state={channelWord(orders)}
            title={orders.note ?? undefined}
          >
            {channelWord(orders) === 'ready' ? 'ready' : sayState(orders)}
          </dd>
          {orders.state === 'live' && orders.roundTripMs !== null && <dd>{formatTrip(orders.roundTripMs)}</dd>}
        </div>
        <div className={`${css.item} ${css.wider}`}>
          <dt>Account</dt>
          <dd className={css.mono} data-testid="account-id">
            {accountId ?? NOTHING}
          </dd>
        </div>
      </dl>
      <dl className={`${css.end} ${css.wide}`}>
        <div className={css.item}>
          <dt>Market time</dt>
          <dd data-testid="market-clock">{clock === 0 ? NOTHING : `${formatTime(clock)} UTC`}</dd>
        </div>
      </dl>
    </section>
  )
}

/** In whole seconds: a figure that changes four times a second is not read. */
function sayAge(ageMs: number | null): string {
  if (ageMs === null || ageMs >= 60_000) return formatAge(ageMs)
  return ageMs < 1_000 ? '< 1 s' : `${Math.floor(ageMs / 1_000)} s`
}

/** `idle` is a moment before the page has begun: for the reader it is connecting already. */
function feedWord(facts: LineFacts): string {
  if (facts.state === 'live' && isDoubtful(facts)) return 'stale'
  return facts.state === 'idle' ? 'connecting' : facts.state
}

function channelWord(facts: LineFacts): string {
  return facts.state === 'live' ? 'ready' : feedWord(facts)
}

function formatTrip(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`
}
