// The page's clock as a React hook, for ages and countdowns.

'use client'

import { useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'

const TICK_MS = 250

/** Milliseconds since 1970, read four times a second; 0 in the exported HTML, which has no time. */
export function useNow(): number {
  const { nowMs } = useDashboard()
  const [now, setNow] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), TICK_MS)
    return () => clearInterval(timer)
  }, [nowMs])
  return now
}
