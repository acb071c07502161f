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
    let timer = 0
    // At the multiples of the interval: whatever counts the same seconds does so in step.
    const wait = () => {
      timer = window.setTimeout(tick, tickMs - (nowMs() % tickMs))
    }
    const tick = () => {
      setNow(nowMs())
      wait()
    }
    wait()
    return () => clearTimeout(timer)
  }, [nowMs, tickMs])
  return now
}
