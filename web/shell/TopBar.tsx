// The top bar of every screen: name, navigation, latest news or a warning, and buttons.

'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { DEFAULT_SETTINGS } from '../dashboard/settings.ts'
import { LayoutSwitch } from '../layout/LayoutSwitch.tsx'
import { useScreenWidth } from '../layout/use-screen-width.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { Warnings } from './Banner.tsx'
import css from './TopBar.module.css'

const SCREENS = [
  { href: '/', text: 'Trade' },
  { href: '/transports/', text: 'Transports' },
  { href: '/simulator/', text: 'Simulator' },
] as const

/** Compares paths with or without the slash at the end. */
const isAt = (pathname: string, href: string) => pathname.replace(/\/?$/, '/') === href

export function TopBar({ onHelp }: { readonly onHelp: () => void }) {
  const { store, frozen, setFrozen } = useDashboard()
  const pathname = usePathname()
  const headline = useObservable(store.news)[0]
  const isFrozen = useObservable(frozen) !== null
  const width = useScreenWidth()
  return (
    <header className={css.bar}>
      <Link href="/" prefetch={false} className={css.mark} aria-label="Papertape, trading screen">
        <svg viewBox="0 0 20 20" aria-hidden="true" fill="currentColor">
          <path d="M3 3h1.5v14H3zM1.5 6h4.5v8H1.5zM9.5 5h1.5v12H9.5zM8 8h4.5v6H8zM15.5 1h1.5v14h-1.5zM14 4h4.5v8H14z" />
        </svg>
        <span className={css.word}>Papertape</span>
      </Link>
      <nav className={css.nav} aria-label="Screens">
        {SCREENS.map(({ href, text }) => (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={isAt(pathname, href) ? 'page' : undefined}
            onClick={event => isAt(pathname, href) && event.preventDefault()}
          >
            {text}
          </Link>
        ))}
      </nav>
      {isAt(pathname, '/') && <LayoutSwitch />}
      {width !== 'phone' && (
        <Warnings>
          <p className={css.news} data-severity={headline?.severity} data-testid="headline">
            {headline?.headline}
          </p>
        </Warnings>
      )}
      <div className={css.tools}>
        <button
          type="button"
          className={`${css.tool} ${isFrozen ? css.frozen : ''}`}
          aria-pressed={isFrozen}
          title="Freeze the screen (F). The market goes on."
          onClick={() => setFrozen(!isFrozen)}
        >
          {isFrozen ? 'Frozen' : 'Freeze'}
        </button>
        <ThemeButton />
        <button
          type="button"
          className={css.tool}
          title="Keys and settings (?)"
          aria-haspopup="dialog"
          onClick={onHelp}
        >
          <kbd>?</kbd>
          <span className="visually-hidden">Keys and settings</span>
        </button>
      </div>
    </header>
  )
}

function ThemeButton() {
  const { settings } = useDashboard()
  const { theme } = useObservable(settings.state, DEFAULT_SETTINGS)
  // Toggles the visible theme, also when the setting is `system`.
  const toggle = () => {
    const dark = document.documentElement.dataset.theme === 'dark'
    settings.change({ theme: dark ? 'light' : 'dark' })
  }
  return (
    <button type="button" className={css.tool} title={`Theme: ${theme}`} onClick={toggle} data-testid="theme-switch">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
      </svg>
      <span className="visually-hidden">Switch theme</span>
    </button>
  )
}
