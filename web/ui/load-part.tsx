// Parts of the page whose code is loaded when they are first shown: what is behind a tab, a button, or a wait for data.
// What is to be seen at once is imported as usual. Also for code without markup.

'use client'

import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'

const NOT_LOADED =
  'A part of this page could not be loaded. Reload the page: the server may have another version by now.'

/**
 * @param load imports the component
 * @param loading what its place shows until then
 */
export function loadPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  loading: ReactNode = null,
): ComponentType<Props> {
  const Loaded = lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    try {
      return { default: await load() }
    } catch (error) {
      // Logged by the browser as an error that nothing caught is.
      reportError(error)
      return { default: NotLoaded }
    }
  })
  return function Part(props) {
    return (
      <Suspense fallback={loading}>
        <Loaded {...props} />
      </Suspense>
    )
  }
}

/**
 * Code that is loaded when it is first needed.
 * @param load stays the same function
 * @returns undefined until then
 */
export function useLate<T extends object>(isNeeded: boolean, load: () => Promise<T>): T | undefined {
  const { showNotice } = useDashboard()
  const [loaded, setLoaded] = useState<T>()
  useEffect(() => {
    if (!isNeeded || loaded !== undefined) return
    load().then(setLoaded, error => {
      reportError(error)
      showNotice(NOT_LOADED)
    })
  }, [isNeeded, loaded, load, showNotice])
  return loaded
}

function NotLoaded() {
  const { showNotice } = useDashboard()
  useEffect(() => showNotice(NOT_LOADED), [showNotice])
  return null
}
