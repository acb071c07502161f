// Creates the one dashboard, starts it when the page is shown and stops it when the page goes. Both screens share it,
// so that navigation drops no connection. Keeps the address bar and the selection in step.

'use client'

import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { createDashboard, type Dashboard } from '../dashboard/dashboard.ts'
import { DashboardContext } from '../dashboard/dashboard-context.tsx'
import { isDemo } from '../demo/demo-mode.ts'
import { holdRequests } from '../demo/hold-requests.ts'
import { browserPorts } from './adapters.ts'

function writeAddress({ selection }: Dashboard): void {
  const { symbol } = selection.state.get()
  const url = new URL(location.href)
  if (symbol === '' || url.pathname !== '/' || url.searchParams.get('symbol') === symbol) return
  url.searchParams.set('symbol', symbol)
  history.replaceState(null, '', url)
}

function followAddress(dashboard: Dashboard): () => void {
  const { selection } = dashboard
  const read = () => {
    const symbol = new URLSearchParams(location.search).get('symbol')
    if (symbol !== null) selection.select({ symbol: symbol.toUpperCase() })
  }
  read()
  window.addEventListener('popstate', read)
  const stopWriting = selection.state.subscribe(() => writeAddress(dashboard))
  return () => {
    window.removeEventListener('popstate', read)
    stopWriting()
  }
}

/** Removes the token from the address first, so that it is not seen, bookmarked or shared. */
function takeOperatorLink({ takeOperatorToken }: Dashboard): void {
  const token = /^#operator=(.+)$/.exec(location.hash)?.[1]
  if (token === undefined) return
  const url = new URL(location.href)
  url.hash = ''
  history.replaceState(history.state, '', url)
  void takeOperatorToken(token)
}

const releaseRequests = isDemo() ? holdRequests() : () => {}

/** The market in the page must be there before the first request. @returns whether it is. */
async function startDemo({ showNotice }: Dashboard): Promise<boolean> {
  try {
    const demo = await import('../demo/start-demo.ts')
    await demo.startDemo(() => showNotice(DEMO_ELSEWHERE))
    releaseRequests()
    showNotice('')
    return true
  } catch (error) {
    showNotice(`The demo cannot start here: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

const DEMO_ELSEWHERE = 'The demo is open in another tab, and has one market. Close that tab, and it goes on here.'

export function Session({ children }: { readonly children: ReactNode }) {
  const [dashboard] = useState(() => createDashboard(browserPorts()))
  useEffect(() => {
    const followHash = () => takeOperatorLink(dashboard)
    followHash()
    window.addEventListener('hashchange', followHash)
    const stopFollowing = followAddress(dashboard)
    let isLeft = false
    if (isDemo()) {
      void startDemo(dashboard).then(isStarted => {
        if (isStarted && !isLeft) dashboard.start()
      })
    } else dashboard.start()
    return () => {
      isLeft = true
      window.removeEventListener('hashchange', followHash)
      dashboard.stop()
      stopFollowing()
    }
  }, [dashboard])
  const pathname = usePathname()
  // The links between the screens carry no symbol: put it back after each navigation.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each change of the path
  useEffect(() => writeAddress(dashboard), [dashboard, pathname])
  return <DashboardContext value={dashboard}>{children}</DashboardContext>
}
