// The dialog that lists the hotkeys and holds the settings, there while it is open. A native dialog: keeps the focus,
// closes on Escape.

'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { DEFAULT_SETTINGS, type Settings } from '../dashboard/settings.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import dialogs from '../ui/Dialog.module.css'
import css from './HelpDialog.module.css'
import { HOTKEY_GROUPS, HOTKEYS, PANEL_KEYS } from './hotkeys.ts'

interface HelpDialogProps {
  readonly onClose: () => void
}

export function HelpDialog({ onClose }: HelpDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      className={`${dialogs.dialog} ${css.dialog}`}
      onClose={onClose}
      aria-labelledby="keys-title"
      data-testid="keys"
    >
      <div className={dialogs.head}>
        <h2 id="keys-title">Keys and settings</h2>
        <button type="button" className={css.close} onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <div className={css.body}>
        {HOTKEY_GROUPS.map(group => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={css.keys}>
              {HOTKEYS.filter(one => one.group === group).map(({ keys, description }) => (
                <KeyRow key={description} keys={keys} description={description} />
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>In a panel</h3>
          <dl className={css.keys}>
            {PANEL_KEYS.map(({ keys, description }) => (
              <KeyRow key={description} keys={keys} description={description} />
            ))}
          </dl>
        </section>
        <section className={css.about}>
          <h3>What sends or changes an order</h3>
          <p>
            Buttons always act, and so does an order that is dragged and dropped. Keys send and change orders only while
            they are armed, by A or by the switch in the ticket: the full stop, and Enter in a field, on a moved order
            or with the focus on nothing. Not armed, Enter in a field goes to the button; the others say that nothing
            was sent. Keys that cancel need no arming: they only take risk away. While the focus is in a text field, no
            key acts but Escape and F6.
          </p>
        </section>
        <SettingsForm />
      </div>
    </dialog>
  )
}

interface KeyRowProps {
  readonly keys: readonly string[]
  readonly description: string
}

function KeyRow({ keys, description }: KeyRowProps) {
  return (
    <div>
      <dt>
        {keys.map(key => (
          <kbd key={key}>{key === 'Escape' ? 'Esc' : key.length === 1 ? key.toUpperCase() : key}</kbd>
        ))}
      </dt>
      <dd>{description}</dd>
    </div>
  )
}

function SettingsForm() {
  const { settings } = useDashboard()
  const { theme, palette, announcePrices, toasts, singleKeys, keysSend } = useObservable(
    settings.state,
    DEFAULT_SETTINGS,
  )
  return (
    <section>
      <h3>Settings of this browser</h3>
      <div className={css.settings}>
        <SettingRow text="Theme">
          <select
            value={theme}
            onChange={event => settings.change({ theme: event.target.value as Settings['theme'] })}
            data-testid="setting-theme"
          >
            <option value="system">System</option>
            <option value="dark">Dark</option>
            <option value="light">Light</option>
          </select>
        </SettingRow>
        <SettingRow text="Price colors">
          <select
            value={palette}
            onChange={event => settings.change({ palette: event.target.value as Settings['palette'] })}
            data-testid="setting-palette"
          >
            <option value="green">Green and orange</option>
            <option value="blue">Blue and orange</option>
          </select>
        </SettingRow>
        <SettingRow text="Announce the price every 5 seconds">
          <input
            type="checkbox"
            checked={announcePrices}
            onChange={event => settings.change({ announcePrices: event.target.checked })}
          />
        </SettingRow>
        <SettingRow text="Show fills over the page">
          <input
            type="checkbox"
            checked={toasts}
            onChange={event => settings.change({ toasts: event.target.checked })}
            data-testid="setting-toasts"
          />
        </SettingRow>
        <SettingRow text="Single-letter hotkeys">
          <input
            type="checkbox"
            checked={singleKeys}
            onChange={event => settings.change({ singleKeys: event.target.checked })}
          />
        </SettingRow>
        <SettingRow text="Keys send and change orders (armed)">
          <input
            type="checkbox"
            checked={keysSend}
            onChange={event => settings.change({ keysSend: event.target.checked })}
            data-testid="setting-keys-send"
          />
        </SettingRow>
      </div>
    </section>
  )
}

function SettingRow({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label>
      {text}
      {children}
    </label>
  )
}
