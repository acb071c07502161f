// The badge of the transport that carries a panel. Pressed, it opens the drawer with the panel's frames.

'use client'

import { PANELS, type PanelName, TRANSPORT_LABELS, transportChoice } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './Panel.module.css'
import { useFact } from './use-staleness.tsx'

export function TransportBadge({ panel }: { readonly panel: PanelName }) {
  const { shownFrames, showFrames } = useDashboard()
  const transport = useFact(PANELS[panel].connection, facts => facts.transport)
  const isShown = useObservable(shownFrames) === panel
  const choice = transportChoice(panel)
  const fallback = transport !== choice.transport
  const label = TRANSPORT_LABELS[transport]
  const reasons = (fallback ? transportChoice(panel, false) : choice).reasons.join(' ')
  return (
    <button
      type="button"
      className={css.badge}
      title={`${PANELS[panel].title}: ${label.long}. ${reasons}`}
      aria-label={`${label.short}: ${PANELS[panel].title} uses ${label.long}. Show its frames`}
      aria-haspopup="dialog"
      aria-expanded={isShown}
      onClick={() => showFrames(isShown ? null : panel)}
      data-testid={`transport-badge-${panel}`}
      data-transport={transport}
      data-fallback={fallback}
    >
      <span>{label.short}</span>
    </button>
  )
}
