// The page's clock as a React hook, for ages and countdowns.

'use client'

import { useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'

const TICK_MS = 250

/** Milliseconds since 1970, read at this interval; 0 in the exported HTML, which has no time. */
export function useNow(tickMs = TICK_MS): number {
  const { nowMs } = useDashboard()
  const [now, setNow] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), tickMs)
    return () => clearInterval(timer)
  }, [nowMs, tickMs])
  return now
}
