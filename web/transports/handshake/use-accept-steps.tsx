// The accept value of a key as a React hook: the browser computes SHA-1 in the background, and only on secure pages.

'use client'

import { useEffect, useState } from 'react'
import { type AcceptSteps, acceptSteps } from './accept-value.ts'

/** @returns undefined while it is computed, without a key, and where the browser has no SHA-1 */
export function useAcceptSteps(key: string | undefined): AcceptSteps | undefined {
  const [computed, setComputed] = useState<{ readonly key: string; readonly steps: AcceptSteps }>()
  useEffect(() => {
    if (key === undefined || !hasSha1()) return
    let isCurrent = true
    void acceptSteps(key, crypto.subtle).then(steps => {
      if (isCurrent) setComputed({ key, steps })
    })
    return () => {
      isCurrent = false
    }
  }, [key])
  return computed?.key === key ? computed?.steps : undefined
}

/** Browsers offer it to secure pages only: https, and http on this machine. */
export function hasSha1(): boolean {
  return globalThis.crypto?.subtle !== undefined
}
