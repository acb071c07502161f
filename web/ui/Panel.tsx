// The frame of every panel: its title, the badges that say what feeds it, and the note when that is in doubt.
// Knows nothing of what is inside.

'use client'

import { type ReactNode, useId } from 'react'
import { PANELS, type PanelName } from '../connections/panels.ts'
import css from './Panel.module.css'
import { TransportBadge } from './TransportBadge.tsx'
import { useDoubt } from './use-staleness.tsx'

interface PanelProps {
  readonly title: string
  /** What feeds it, the liveliest last: that one decides whether the panel is in doubt. */
  readonly feeds: readonly [PanelName, ...PanelName[]]
  readonly tools?: ReactNode
  readonly className?: string | undefined
  readonly testId?: string
  readonly children: ReactNode
}

export function Panel({ title, feeds, tools, className, testId, children }: PanelProps) {
  const id = useId()
  const doubtful = useDoubt(PANELS[feeds.at(-1)!].line)
  return (
    <section className={`${css.panel} ${className ?? ''}`} aria-labelledby={id} data-doubtful={doubtful}>
      <header className={css.head}>
        <h2 className={css.title} id={id}>
          {title}
        </h2>
        {feeds.map(feed => (
          <TransportBadge key={feed} panel={feed} />
        ))}
        {doubtful && <p className={css.notice}>not live</p>}
        {tools !== undefined && <div className={css.tools}>{tools}</div>}
      </header>
      <div className={css.body} data-testid={testId}>
        {children}
      </div>
    </section>
  )
}

/** What stands where there is nothing to show. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className={css.empty}>{children}</p>
}

/** A placeholder while something is on its way. */
export function Skeleton() {
  return <span className={css.skeleton} aria-hidden="true" />
}
