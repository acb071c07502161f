// The drawer that a transport's badge opens: the live frames of that panel, beside the page, which stays usable. Escape
// closes it. Rendered by shell/Shell.tsx, which loads it then.

'use client'

import Link from 'next/link'
import { useEffect, useRef, useState } from 'react'
import { PANELS, type PanelName } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { FrameViewer } from './FrameViewer.tsx'
import { frameScope } from './frame-scope.ts'
import css from './frames.module.css'

export function FrameDrawer({ panel }: { readonly panel: PanelName }) {
  const { selection, showFrames } = useDashboard()
  const { symbol } = useObservable(selection.state)
  const dialog = useRef<HTMLDialogElement>(null)
  const [opener] = useState(() => document.activeElement)
  const scope = frameScope(panel, symbol)

  const close = () => {
    showFrames(null)
    if (opener instanceof HTMLElement) opener.focus()
  }

  // Moves the focus into it.
  useEffect(() => dialog.current?.show(), [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog:modal') === null) close()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })

  return (
    <dialog ref={dialog} className={css.drawer} aria-labelledby="frames-title" data-testid="frame-drawer">
      <div className={css.drawerHead}>
        <h2 id="frames-title">
          {PANELS[panel].title}: frames{scope.symbol !== null && ` of ${scope.symbol}`}
        </h2>
        <button type="button" className={css.tool} onClick={close}>
          Close
        </button>
      </div>
      <p className={css.links}>
        <Link href={`/transports/#${panel}`} prefetch={false} onClick={() => showFrames(null)}>
          Why this transport?
        </Link>
        <Link href="/transports/#frames" prefetch={false} onClick={() => showFrames(null)}>
          Frames of all connections
        </Link>
      </p>
      <FrameViewer key={symbol} scope={scope} />
    </dialog>
  )
}
