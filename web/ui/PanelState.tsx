// The state of a panel's data, in its head: a mark while it is live, words and an age when it is not.

'use client'

import { lostSinceMs } from '../connections/connection-texts.ts'
import { panelState } from '../connections/panel-state.ts'
import type { ConnectionName } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './PanelState.module.css'
import { useNow } from './use-now.tsx'
import { isOfMarket, useFact, useStaleness } from './use-staleness.tsx'

export function PanelState({ connection }: { readonly connection: ConnectionName }) {
  const { connections, frozen, store, nowMs } = useDashboard()
  const isFrozen = useObservable(frozen) !== null && isOfMarket(connection)
  const isStale = useStaleness(connection)
  useFact(connection, facts => facts.state)
  // While it is stale, in step with the banner.
  const now = useNow(isStale ? undefined : 1_000)
  const { tape, book, orders } = connections
  const sinceMs = lostSinceMs({ tape: tape.current, book: book.current, orders: orders.current })
  const facts = { ...connections[connection].current, ...(isStale && { staleSinceMs: sinceMs }) }
  const { kind, text, age, next } = panelState({
    // An account in which nothing happens is not old.
    connection: isOfMarket(connection) ? facts : { ...facts, lastAtMs: null },
    isStale,
    frozenAtMs: isFrozen ? store.clock.get() : null,
    nowMs: now === 0 ? nowMs() : now,
  })
  return (
    <p className={css.state} data-state={kind} data-testid="panel-state">
      <span className={kind === 'live' ? 'visually-hidden' : undefined}>{text}</span>
      {age !== '' && <span className={css.age}>{age}</span>}
      {next !== '' && <span>{next}</span>}
    </p>
  )
}
