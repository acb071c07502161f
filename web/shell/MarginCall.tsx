// The row that says that the account has a margin call, as long as it has one. Loaded with the first one; Shell.tsx
// places it.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './MarginCall.module.css'
import { marginCallText } from './margin-call-text.ts'

/** @property dueMs by the market's clock */
export function MarginCall({ dueMs }: { readonly dueMs: number }) {
  const { desk, store } = useDashboard()
  const { balance } = useObservable(desk.state)
  const nowMs = useObservable(store.clock)
  if (balance === null) return null
  return (
    <p role="alert" className={css.call} data-testid="margin-call">
      {marginCallText(balance, dueMs, nowMs)}
    </p>
  )
}
