// Why the selected instrument does not trade continuously: its phase, the reason, how long it still lasts by the
// market's clock, and the indicative auction price.

'use client'

import type { Indication } from '@papertape/protocol'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatCountdown, formatPrice, formatSize } from '../format/format.ts'
import { type InstrumentSummary, PHASE_LABELS, PHASE_MEANINGS } from '../market/selectors.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './InstrumentHeader.module.css'

export function PhaseBand({ row, decimals }: { readonly row: InstrumentSummary; readonly decimals: number }) {
  const { phase, phaseReason, phaseEndsMs, auction } = row
  const why = phaseReason ?? PHASE_MEANINGS[phase]
  return (
    <div className={css.band} data-testid="phase-band">
      <p title={why}>
        <strong>{PHASE_LABELS[phase]}</strong>: {why.replace(/\.?$/, '.')}
      </p>
      <p>
        {phaseEndsMs === null ? 'When it ends is not known.' : <Countdown untilMs={phaseEndsMs} />}
        {auction !== undefined && ` · ${indicationText(auction, decimals)}`}
      </p>
    </div>
  )
}

function Countdown({ untilMs }: { readonly untilMs: number }) {
  const clock = useObservable(useDashboard().store.clock)
  return (
    <span role="timer">
      Ends in <span className={css.countdown}>{formatCountdown(untilMs - clock)}</span>
    </span>
  )
}

function indicationText({ price, pairedSize, imbalanceSize, side }: Indication, decimals: number): string {
  if (price === null) return 'no indicative price'
  const imbalance = side === null ? '' : `, ${formatSize(imbalanceSize)} more to ${side}`
  return `indicative ${formatPrice(price, decimals)} × ${formatSize(pairedSize)}${imbalance}`
}
