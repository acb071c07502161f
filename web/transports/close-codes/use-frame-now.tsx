// The page's monotonic clock as a React hook, for what is drawn as it runs: ten times a second, while it runs.

'use client'

import { useEffect, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'

const DRAW_MS = 100

export function useFrameNow(isRunning: boolean): number {
  const { frames } = useDashboard()
  const [nowMs, setNowMs] = useState(0)
  useEffect(() => {
    if (!isRunning) return
    const task = {
      intervalMs: DRAW_MS,
      run() {
        setNowMs(performance.now())
        frames.request(task)
      },
    }
    frames.request(task)
    return () => frames.cancel(task)
  }, [frames, isRunning])
  return nowMs
}
