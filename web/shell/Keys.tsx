// The overlay that lists the keys and holds the settings. A native dialog: focus stays in it, Escape closes it.

'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { type Settings, STANDARD_SETTINGS } from '../dashboard/settings.ts'
import { useCell } from '../reactive/use-observable.tsx'
import { HOTKEYS, PANEL_KEYS } from './hotkeys.ts'
import css from './Keys.module.css'

interface KeysProps {
  readonly open: boolean
  readonly onClose: () => void
}

export function Keys({ open, onClose }: KeysProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog ref={dialog} className={css.dialog} onClose={onClose} aria-labelledby="keys-title" data-testid="keys">
      <div className={css.head}>
        <h2 id="keys-title">Keys and settings</h2>
        <button type="button" className={css.close} onClick={onClose}>
          Close
        </button>
      </div>
      <div className={css.body}>
        <section>
          <h3>Anywhere but in a field</h3>
          <dl className={css.keys}>
            {HOTKEYS.map(({ key, says }) => (
              <KeyLine key={key} keys={[key.length === 1 ? key.toUpperCase() : 'Esc']} says={says} />
            ))}
          </dl>
        </section>
        <section>
          <h3>In a panel</h3>
          <dl className={css.keys}>
            {PANEL_KEYS.map(({ keys, says }) => (
              <KeyLine key={says} keys={keys} says={says} />
            ))}
          </dl>
        </section>
        <SettingsForm />
      </div>
    </dialog>
  )
}

function KeyLine({ keys, says }: { readonly keys: readonly string[]; readonly says: string }) {
  return (
    <div>
      <dt>
        {keys.map(key => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{says}</dd>
    </div>
  )
}

function SettingsForm() {
  const { settings } = useDashboard()
  const { theme, palette, announcePrices, singleKeys } = useCell(settings.cell, STANDARD_SETTINGS)
  return (
    <section>
      <h3>Settings, kept in this browser</h3>
      <div className={css.settings}>
        <Line text="Theme">
          <select
            value={theme}
            onChange={event => settings.change({ theme: event.target.value as Settings['theme'] })}
            data-testid="setting-theme"
          >
            <option value="system">as the system</option>
            <option value="dark">dark</option>
            <option value="light">light</option>
          </select>
        </Line>
        <Line text="Up and down">
          <select
            value={palette}
            onChange={event => settings.change({ palette: event.target.value as Settings['palette'] })}
            data-testid="setting-palette"
          >
            <option value="green">green and vermilion</option>
            <option value="blue">blue and orange</option>
          </select>
        </Line>
        <Line text="Say prices every five seconds">
          <input
            type="checkbox"
            checked={announcePrices}
            onChange={event => settings.change({ announcePrices: event.target.checked })}
          />
        </Line>
        <Line text="Single-letter keys">
          <input
            type="checkbox"
            checked={singleKeys}
            onChange={event => settings.change({ singleKeys: event.target.checked })}
          />
        </Line>
      </div>
    </section>
  )
}

function Line({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label>
      {text}
      {children}
    </label>
  )
}
