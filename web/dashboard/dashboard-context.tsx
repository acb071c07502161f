// The React context of the one dashboard, which app/Session.tsx creates.

'use client'

import { createContext, useContext } from 'react'
import type { Dashboard } from './dashboard.ts'

export const DashboardContext = createContext<Dashboard | undefined>(undefined)

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext)
  if (dashboard === undefined) throw new Error('useDashboard is called outside of app/Session.tsx')
  return dashboard
}
