// Which of the screen's three arrangements by width applies, for what the style sheets cannot do: leaving out what is
// not shown.

'use client'

import { useSyncExternalStore } from 'react'

export type ScreenWidth = 'phone' | 'tablet' | 'desktop'

/** As in app/trading.module.css. */
const QUERIES = { phone: '(max-width: 767px)', desktop: '(min-width: 1280px)' } as const

function subscribe(listener: () => void): () => void {
  const lists = Object.values(QUERIES).map(query => matchMedia(query))
  for (const list of lists) list.addEventListener('change', listener)
  return () => {
    for (const list of lists) list.removeEventListener('change', listener)
  }
}

function read(): ScreenWidth {
  if (matchMedia(QUERIES.phone).matches) return 'phone'
  return matchMedia(QUERIES.desktop).matches ? 'desktop' : 'tablet'
}

/** `desktop` in the exported HTML. */
export function useScreenWidth(): ScreenWidth {
  return useSyncExternalStore(subscribe, read, () => 'desktop' as const)
}
