// The frame of every screen: top bar, status bar, help dialog, announcements. Applies the settings.

'use client'

import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { type Settings, themeOf } from '../dashboard/settings.ts'
import { DemoNote } from '../demo/DemoNote.tsx'
import { useScreenWidth } from '../layout/use-screen-width.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { Toasts } from '../toasts/Toasts.tsx'
import { loadPart } from '../ui/load-part.tsx'
import { Announcer } from './Announcer.tsx'
import { Warnings } from './Banner.tsx'
import css from './Shell.module.css'
import { StatusBar } from './StatusBar.tsx'
import { TopBar } from './TopBar.tsx'
import { useHotkeys } from './use-hotkeys.tsx'

const HelpDialog = loadPart(async () => (await import('./HelpDialog.tsx')).HelpDialog)
const MarginCall = loadPart(async () => (await import('./MarginCall.tsx')).MarginCall)
const FrameDrawer = loadPart(async () => (await import('../transports/frames/FrameDrawer.tsx')).FrameDrawer)

function applySettings(settings: Settings): void {
  const { dataset } = document.documentElement
  dataset.theme = themeOf(settings, matchMedia('(prefers-color-scheme: light)').matches)
  dataset.palette = settings.palette
}

export function Shell({ children }: { readonly children: ReactNode }) {
  const dashboard = useDashboard()
  const { settings } = dashboard
  const shownFrames = useObservable(dashboard.shownFrames)
  const width = useScreenWidth()
  const [helpOpen, setHelpOpen] = useState(false)
  const openHelp = useCallback(() => setHelpOpen(true), [])
  const keyNote = useHotkeys(dashboard, openHelp)

  useEffect(() => {
    const apply = () => applySettings(settings.state.get())
    const system = matchMedia('(prefers-color-scheme: light)')
    system.addEventListener('change', apply)
    // It may have changed since the first paint.
    apply()
    const stop = settings.state.subscribe(apply)
    return () => {
      system.removeEventListener('change', apply)
      stop()
    }
  }, [settings])

  return (
    <div className={css.shell}>
      <a className={css.skip} href="#screen">
        Skip to content
      </a>
      <div className={css.top}>
        <TopBar onHelp={openHelp} />
        <DemoNote />
        <Notice />
        <MarginCallPlace />
      </div>
      <main id="screen" className={css.screen} tabIndex={-1}>
        {children}
      </main>
      <div className={css.status}>
        <StatusBar />
        {width === 'phone' && <Warnings />}
        <Toasts />
      </div>
      {keyNote !== undefined && (
        <p className={css.keyNote} role="alert" data-testid="key-note">
          {keyNote}
        </p>
      )}
      {shownFrames !== null && <FrameDrawer key={shownFrames} panel={shownFrames} />}
      {helpOpen && <HelpDialog onClose={() => setHelpOpen(false)} />}
      <Announcer />
    </div>
  )
}

function MarginCallPlace() {
  const { marginCallDue } = useObservable(useDashboard().desk.state)
  return marginCallDue !== null && <MarginCall dueMs={marginCallDue} />
}

/** A message in a row of its own, until it is dismissed. */
function Notice() {
  const { notice, dismissNotice } = useDashboard()
  const text = useObservable(notice)
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
