// The status bar: states of the feed and the order channel, the age of the data, the position in the log.

'use client'

import { type ConnectionFacts, isStale } from '../connections/connection.ts'
import { ageText, OLD_MS, stateText } from '../connections/connection-texts.ts'
import { TRANSPORT_LABELS } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatTime, NOTHING } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useNow } from '../ui/use-now.tsx'
import css from './StatusBar.module.css'

export function StatusBar() {
  const { connections, store, desk } = useDashboard()
  const now = useNow()
  const tape = useObservable(connections.tape.facts)
  const orders = useObservable(connections.orders.facts)
  const clock = useObservable(store.clock)
  const { accountId } = useObservable(desk.state)
  const ageMs = tape.lastAtMs === null ? null : Math.max(0, now - tape.lastAtMs)
  const isOld = ageMs !== null && ageMs > OLD_MS
  return (
    <section className={css.bar} aria-label="Connections">
      <dl>
        <div className={css.item}>
          <dt>Feed</dt>
          <dd
            className={css.state}
            data-testid="feed-state"
            data-state={feedState(tape)}
            title={tape.note ?? undefined}
          >
            {tape.state === 'idle' ? 'connecting' : stateText(tape)}
          </dd>
          <dd className={`${css.mono} ${css.transport} ${css.wide}`}>{TRANSPORT_LABELS[tape.transport].short}</dd>
        </div>
        <div className={css.item}>
          <dt>Age</dt>
          <dd className={`${css.age} ${isOld || isStale(tape) ? css.old : ''}`} data-testid="data-age">
            {ageText(ageMs)}
          </dd>
        </div>
        <div className={`${css.item} ${css.wide}`}>
          <dt>Position</dt>
          <dd className={`${css.mono} ${css.position}`} data-testid="feed-position">
            {tape.position ?? NOTHING}
          </dd>
        </div>
        <div className={css.item}>
          <dt>Orders</dt>
          <dd
            className={css.state}
            data-testid="channel-state"
            data-state={channelState(orders)}
            title={orders.note ?? undefined}
          >
            {channelState(orders) === 'ready' ? 'ready' : stateText(orders)}
          </dd>
        </div>
        <div className={`${css.item} ${css.wider}`}>
          <dt>Round trip</dt>
          <dd className={css.roundTrip}>
            {orders.state === 'live' && orders.roundTripMs !== null ? formatRoundTrip(orders.roundTripMs) : NOTHING}
          </dd>
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
          <dd className={css.clock} data-testid="market-clock">
            {clock === 0 ? NOTHING : `${formatTime(clock)} UTC`}
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** `idle` lasts a moment at the start of the page and is shown as connecting. */
function feedState(facts: ConnectionFacts): string {
  if (facts.state === 'live' && isStale(facts)) return 'stale'
  return facts.state === 'idle' ? 'connecting' : facts.state
}

function channelState(facts: ConnectionFacts): string {
  return facts.state === 'live' ? 'ready' : feedState(facts)
}

function formatRoundTrip(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`
}
