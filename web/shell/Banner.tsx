// The one warning that the screen may not show the present: a loss, with the seconds until the next attempt, or a
// frozen screen. In its place, after a loss: what was missed. A wide screen has it in the top bar, where it moves
// nothing; a phone beneath the status bar, where it covers nothing.

'use client'

import { type ReactNode, useEffect } from 'react'
import { lossText, outageText } from '../connections/connection-texts.ts'
import type { FeedOutage } from '../connections/outage.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { useNow } from '../ui/use-now.tsx'
import css from './Banner.module.css'

/** @param children what is shown while there is nothing to say. */
export function Warnings({ children }: { readonly children?: ReactNode }) {
  const banner = useBanner()
  const outage = useObservable(useDashboard().feed.lastOutage)
  if (banner !== undefined) return <Banner {...banner} />
  return outage === null ? children : <OutageLine outage={outage} />
}

interface BannerProps {
  readonly text: string
  /** Whether there is an attempt to wait for; undefined where there is nothing to retry. */
  readonly canRetry?: boolean
}

/** @returns undefined while there is nothing to show. */
function useBanner(): BannerProps | undefined {
  const { connections, frozen, nowMs } = useDashboard()
  const tape = useObservable(connections.tape.facts)
  const book = useObservable(connections.book.facts)
  const orders = useObservable(connections.orders.facts)
  const isFrozen = useObservable(frozen) !== null
  const now = useNow()
  const loss = lossText({ tape, book, orders }, now === 0 ? nowMs() : now)
  if (loss !== undefined) return { text: loss, canRetry: [tape, book, orders].some(({ state }) => state === 'waiting') }
  return isFrozen ? { text: 'The screen is frozen while the market goes on. Press Frozen to continue.' } : undefined
}

function Banner({ text, canRetry }: BannerProps) {
  const { feed, desk } = useDashboard()
  return (
    <section className={css.banner} aria-label="Warning" data-testid="banner">
      <p>{text}</p>
      {canRetry !== undefined && (
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
          Retry now
        </button>
      )}
    </section>
  )
}

/** How long it is shown what a loss cost. */
const OUTAGE_MS = 10_000

/** What the last loss cost, for a while from when it is seen: orders may come back later than the market. */
function OutageLine({ outage }: { readonly outage: FeedOutage }) {
  const { feed } = useDashboard()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another loss restarts the time
  useEffect(() => {
    const timer = setTimeout(feed.dismissOutage, OUTAGE_MS)
    return () => clearTimeout(timer)
  }, [outage, feed])
  return (
    <section className={`${css.banner} ${css.calm}`} aria-label="After a loss" data-testid="outage">
      <p>{outageText(outage)}</p>
      <button type="button" className={css.retry} onClick={feed.dismissOutage}>
        Dismiss
      </button>
    </section>
  )
}
