// Runs the measurements one after another, so that none disturbs another, and keeps what each found and when. Stops
// when the exhibit is left.

'use client'

import { useEffect, useRef, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { type LiveFigureName, MEASURE_NAMES, MEASURES } from './measures.ts'

export interface Measurement {
  readonly text: string
  readonly atMs: number
}
export type Measurements = Readonly<Partial<Record<LiveFigureName, Measurement>>>

/** A poll of a quiet market is answered after 25 s. */
const EACH_MAX_MS = 30_000

export function useMeasurements() {
  const { nowMs } = useDashboard()
  const [measurements, setMeasurements] = useState<Measurements>({})
  const [running, setRunning] = useState(false)
  const left = useRef<AbortController>(undefined)

  useEffect(() => {
    const controller = new AbortController()
    left.current = controller
    return () => controller.abort()
  }, [])

  const measureAll = async () => {
    const { signal } = left.current!
    setRunning(true)
    for (const name of MEASURE_NAMES) {
      const text = await MEASURES[name](AbortSignal.any([signal, AbortSignal.timeout(EACH_MAX_MS)])).catch(whyNot)
      if (signal.aborted) return
      setMeasurements(before => ({ ...before, [name]: { text, atMs: nowMs() } }))
    }
    setRunning(false)
  }
  return { measurements, running, measureAll }
}

function whyNot(error: unknown): string {
  return `Could not be measured: ${error instanceof Error ? error.message : String(error)}`
}
