// Why a panel uses its transport, as the decision tree says it: a line in every panel of the layout that explains.
// What does not fit is behind More.

'use client'

import Link from 'next/link'
import { PANELS, type PanelName, TRANSPORT_LABELS, transportChoice } from '../connections/panels.ts'
import css from './PanelReasons.module.css'

export function PanelReasons({ feeds }: { readonly feeds: readonly PanelName[] }) {
  return (
    <div className={css.reasons} data-testid="panel-reasons">
      {feeds.map(feed => {
        const { transport, reasons } = transportChoice(feed)
        return (
          <p key={feed}>
            <span title={reasons.join(' ')}>
              <strong>
                {PANELS[feed].title}: {TRANSPORT_LABELS[transport].long}.
              </strong>{' '}
              {reasons.join(' ')}
            </span>{' '}
            <Link href={`/transports/#${feed}`} prefetch={false}>
              More<span className="visually-hidden"> about the transport of {PANELS[feed].title}</span>
            </Link>
          </p>
        )
      })}
    </div>
  )
}
