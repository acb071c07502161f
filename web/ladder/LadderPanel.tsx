// The panel of the order book: the ladder and the depth chart, and whether the book is verified.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { BookProof } from '../market/depth.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty, Panel } from '../ui/Panel.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import css from './Ladder.module.css'
import { Ladder } from './Ladder.tsx'

const PROOFS: Readonly<Record<BookProof, { text: string; hint: string }>> = {
  waiting: { text: '', hint: 'Waiting for the order book' },
  verified: { text: '✓ verified', hint: 'The checksum of this book matches that of the exchange' },
  stale: { text: 'may be old', hint: 'The book may have changed since it was last verified' },
  gap: { text: 'resyncing…', hint: 'A change was missed. Requesting a new snapshot…' },
}

export function LadderPanel({ className, onPicked }: { readonly className?: string; readonly onPicked?: () => void }) {
  const { depth, store } = useDashboard()
  const { symbol, proof } = useObservable(depth.state)
  const instrument = store.instrument(symbol)
  return (
    <Panel title="Ladder" feeds={['depth']} className={className} testId="depth" tools={<Proof proof={proof} />}>
      {proof === 'waiting' || instrument === undefined ? (
        <Empty>Loading the order book…</Empty>
      ) : (
        <Ladder instrument={instrument} onPicked={onPicked} />
      )}
    </Panel>
  )
}

/** A book is shown as verified only while it is current: not while its feed is stale or the screen is frozen. */
function Proof({ proof: stored }: { readonly proof: BookProof }) {
  const { frozen } = useDashboard()
  const isStale = useMarketStaleness()
  const isFrozen = useObservable(frozen) !== null
  const proof = stored === 'verified' && (isStale || isFrozen) ? 'stale' : stored
  const { text, hint } = PROOFS[proof]
  return (
    <span className={css.proof} data-proof={proof} data-testid="book-proof" title={hint}>
      {text}
    </span>
  )
}
