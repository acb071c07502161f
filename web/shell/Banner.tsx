// The one place that says that what is seen may not be the present: a loss, with the seconds until the next try, or a
// frozen screen. It has room of its own or lies over the page, so that nothing moves when it comes. The announcer speaks.

'use client'

import { sayLoss } from '../connections/connection.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useCell } from '../reactive/use-observable.tsx'
import css from './Banner.module.css'
import { useNow } from './Status.tsx'

/** @returns undefined while there is nothing to say. */
export function useBanner(): { readonly text: string; readonly canRetry: boolean } | undefined {
  const { lines, frozen, nowMs } = useDashboard()
  const tape = useCell(lines.tape.cell)
  const book = useCell(lines.book.cell)
  const orders = useCell(lines.orders.cell)
  const isFrozen = useCell(frozen) !== null
  const now = useNow()
  const loss = sayLoss({ tape, book, orders }, now === 0 ? nowMs() : now)
  if (loss !== undefined) return { text: loss, canRetry: [tape, book, orders].some(({ state }) => state === 'waiting') }
  return isFrozen
    ? { text: 'The screen is frozen, the market goes on. Release it to trade.', canRetry: false }
    : undefined
}

export function Banner({ text, canRetry }: { readonly text: string; readonly canRetry: boolean }) {
  const { feed, desk } = useDashboard()
  return (
    <div className={css.banner} data-testid="banner">
      <p>{text}</p>
      <button
        type="button"
        className={css.retry}
        data-off={!canRetry}
        disabled={!canRetry}
        onClick={() => {
          feed.reconnect()
          desk.reconnect()
        }}
      >
        Try now
      </button>
    </div>
  )
}
