// Makes the one dashboard, opens it when the page is there and closes it when it goes; both screens share it, so that
// moving between them drops no connection. Also keeps the address bar and the choice in step.

'use client'

import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { createDashboard, type Dashboard } from '../dashboard/dashboard.ts'
import { DashboardContext } from '../dashboard/dashboard-context.tsx'
import { browserPorts } from './adapters.ts'

function writeAddress({ choice }: Dashboard): void {
  const { symbol } = choice.cell.get()
  const url = new URL(location.href)
  if (symbol === '' || url.pathname !== '/' || url.searchParams.get('symbol') === symbol) return
  url.searchParams.set('symbol', symbol)
  history.replaceState(null, '', url)
}

function followAddress(dashboard: Dashboard): () => void {
  const { choice } = dashboard
  const read = () => {
    const symbol = new URLSearchParams(location.search).get('symbol')
    if (symbol !== null) choice.choose({ symbol: symbol.toUpperCase() })
  }
  read()
  window.addEventListener('popstate', read)
  const stopWriting = choice.cell.subscribe(() => writeAddress(dashboard))
  return () => {
    window.removeEventListener('popstate', read)
    stopWriting()
  }
}

/** Out of the address before anything else: it must not stay where it is seen, bookmarked or shared. */
function takeOperatorLink({ takeOperatorToken }: Dashboard): void {
  const token = /^#operator=(.+)$/.exec(location.hash)?.[1]
  if (token === undefined) return
  const url = new URL(location.href)
  url.hash = ''
  history.replaceState(history.state, '', url)
  void takeOperatorToken(token)
}

export function Session({ children }: { readonly children: ReactNode }) {
  const [dashboard] = useState(() => createDashboard(browserPorts()))
  useEffect(() => {
    const followHash = () => takeOperatorLink(dashboard)
    followHash()
    window.addEventListener('hashchange', followHash)
    const stopFollowing = followAddress(dashboard)
    dashboard.start()
    return () => {
      window.removeEventListener('hashchange', followHash)
      dashboard.stop()
      stopFollowing()
    }
  }, [dashboard])
  const pathname = usePathname()
  // The links between the screens carry no symbol; the address has it again once the screen is there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what this waits for
  useEffect(() => writeAddress(dashboard), [dashboard, pathname])
  return <DashboardContext value={dashboard}>{children}</DashboardContext>
}
