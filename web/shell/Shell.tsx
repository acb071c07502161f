// What stands around every screen: the head, the status line, the overlay of keys, the voice. Follows the settings.

'use client'

import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { Settings } from '../dashboard/settings.ts'
import { useCell } from '../reactive/use-observable.tsx'
import { Announcer } from './Announcer.tsx'
import { Keys } from './Keys.tsx'
import css from './Shell.module.css'
import { Status } from './Status.tsx'
import { TopBar } from './TopBar.tsx'
import { useHotkeys } from './use-hotkeys.tsx'

/** The same rule as public/theme.js, which has no modules. */
function show({ theme, palette }: Settings): void {
  const light = theme === 'light' || (theme === 'system' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
  document.documentElement.dataset.palette = palette
}

export function Shell({ children }: { readonly children: ReactNode }) {
  const dashboard = useDashboard()
  const { settings } = dashboard
  const [helpOpen, setHelpOpen] = useState(false)
  const openHelp = useCallback(() => setHelpOpen(true), [])
  const armed = useHotkeys(dashboard, openHelp)

  useEffect(() => {
    const apply = () => show(settings.cell.get())
    const system = matchMedia('(prefers-color-scheme: light)')
    system.addEventListener('change', apply)
    const stop = settings.cell.subscribe(apply)
    return () => {
      system.removeEventListener('change', apply)
      stop()
    }
  }, [settings])

  return (
    <div className={css.shell}>
      <a className={css.skip} href="#screen">
        Skip to the screen
      </a>
      <div className={css.top}>
        <TopBar onHelp={openHelp} />
      </div>
      <main id="screen" className={css.screen} tabIndex={-1}>
        {children}
      </main>
      <div className={css.status}>
        <Status />
      </div>
      {armed && (
        <p className={css.armed} role="alert">
          Press <kbd>C</kbd> again to cancel all open orders
        </p>
      )}
      <Notice />
      <Keys open={helpOpen} onClose={() => setHelpOpen(false)} />
      <Announcer />
    </div>
  )
}

/** What is said once: over the page, until it is put away. */
function Notice() {
  const { notice, dismissNotice } = useDashboard()
  const text = useCell(notice)
  return (
    <div className={css.notice} role="status" data-testid="notice">
      {text !== '' && (
        <>
          <p>{text}</p>
          <button type="button" onClick={dismissNotice}>
            Dismiss
          </button>
        </>
      )}
    </div>
  )
}
