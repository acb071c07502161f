// Says on every screen of the demo what it is, and lets one begin anew. Shown by the shell; nothing elsewhere.

'use client'

import { useEffect, useState } from 'react'
import css from './demo.module.css'
import { isDemo } from './demo-mode.ts'

export function DemoNote() {
  const [shown, setShown] = useState(false)
  // The export does not know whether it is served as the demo.
  useEffect(() => setShown(isDemo()), [])
  if (!shown) return null
  return (
    <aside className={css.note} aria-label="Demo" data-testid="demo">
      <p>
        <strong>Demo.</strong> The market runs in this page, with no server behind it. It keeps your account in this
        browser.
      </p>
      <button type="button" onClick={() => void beginAnew()}>
        Begin anew
      </button>
    </aside>
  )
}

async function beginAnew(): Promise<void> {
  const { forgetDemo } = await import('./start-demo.ts')
  await forgetDemo()
  location.reload()
}
