// The status bar: states of the feed and the order channel, the age of the data, its number in the log. Frozen, it says
// at which time of the market.

'use client'

import { type ConnectionFacts, isStale } from '../connections/connection.ts'
import { ageText, lostSinceMs, OLD_MS, stateText } from '../connections/connection-texts.ts'
import { TRANSPORT_LABELS } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatTime, NOTHING } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useNow } from '../ui/use-now.tsx'
import css from './StatusBar.module.css'

export function StatusBar() {
  const { connections, store, desk, frozen } = useDashboard()
  const now = useNow()
  const tape = useObservable(connections.tape.facts)
  const book = useObservable(connections.book.facts)
  const orders = useObservable(connections.orders.facts)
  const isFrozen = useObservable(frozen) !== null
  const clock = useObservable(store.clock)
  const { accountId } = useObservable(desk.state)
  const isLost = isStale(tape) || isStale(book)
  const sinceMs = isLost ? lostSinceMs({ tape, book, orders }) : tape.lastAtMs
  const ageMs = sinceMs === null ? null : Math.max(0, now - sinceMs)
  const isOld = isLost || (ageMs !== null && ageMs > OLD_MS)
  return (
    <section className={css.bar} aria-label="Connections">
      <dl>
        <div className={css.item}>
          <dt>Feed</dt>
          <dd
            className={css.state}
            data-testid="feed-state"
            data-state={feedState(tape)}
            data-frozen={isFrozen}
            data-lost={isStale(tape)}
            title={tape.note ?? undefined}
          >
            {isFrozen ? `frozen at ${formatTime(clock)}` : wordOf(tape)}
          </dd>
          <dd className={`${css.mono} ${css.transport} ${css.wide}`}>{TRANSPORT_LABELS[tape.transport].short}</dd>
        </div>
        {!isFrozen && (
          <div className={css.item}>
            <dt>Age</dt>
            <dd className={`${css.age} ${isOld ? css.old : ''}`} data-testid="data-age">
              {ageText(ageMs)}
            </dd>
          </div>
        )}
        <div className={`${css.item} ${css.wide}`}>
          <dt title="Of the last event: the epoch of the market, and the number of the event in it">Sequence</dt>
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
            data-lost={isStale(orders)}
            title={orders.note ?? undefined}
          >
            {channelState(orders) === 'ready' ? 'ready' : wordOf(orders)}
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
function wordOf(facts: ConnectionFacts): string {
  return facts.state === 'idle' ? 'connecting' : stateText(facts)
}

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
