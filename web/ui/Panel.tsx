// The frame of every panel: its title, the badges of the transports that feed it, the state of its data, its tools.

'use client'

import { createContext, type ReactNode, useContext, useId } from 'react'
import { PANELS, type PanelName } from '../connections/panels.ts'
import css from './Panel.module.css'
import { PanelReasons } from './PanelReasons.tsx'
import { PanelState } from './PanelState.tsx'
import { TransportBadge } from './TransportBadge.tsx'
import { useStaleness } from './use-staleness.tsx'

interface PanelProps {
  readonly title: string
  /** What feeds it. The last one decides whether the panel is stale. */
  readonly feeds: readonly [PanelName, ...PanelName[]]
  readonly tools?: ReactNode
  /** Between head and content; keeps its colours when the content is stale. */
  readonly status?: ReactNode
  readonly className?: string | undefined
  readonly testId?: string
  readonly children: ReactNode
}

/** Whether each panel says why it uses its transport. */
export const ExplainTransports = createContext(false)

export function Panel({ title, feeds, tools, status, className, testId, children }: PanelProps) {
  const id = useId()
  const { connection } = PANELS[feeds.at(-1)!]
  const isStale = useStaleness(connection)
  const explains = useContext(ExplainTransports)
  return (
    <section className={`${css.panel} ${className ?? ''}`} aria-labelledby={id} data-stale={isStale}>
      <header className={css.head}>
        <h2 className={css.title} id={id}>
          {title}
        </h2>
        {feeds.map(feed => (
          <TransportBadge key={feed} panel={feed} />
        ))}
        <PanelState connection={connection} />
        {tools !== undefined && <div className={css.tools}>{tools}</div>}
      </header>
      {explains && <PanelReasons feeds={feeds} />}
      {status}
      <div className={css.body} data-testid={testId}>
        {children}
      </div>
    </section>
  )
}

/** The text of a panel without content. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className={css.empty}>{children}</p>
}

/** A placeholder while content loads. */
export function Skeleton() {
  return <span className={css.skeleton} aria-hidden="true" />
}
