// A button that asks for a second press before it does what cannot be taken back. The first press is forgotten after
// a while.

'use client'

import { useEffect, useState } from 'react'

const REMEMBERED_MS = 3_000

/** @returns whether the next press acts, and what to call at each press. */
export function useSecondPress(act: () => void): readonly [boolean, () => void] {
  const [isArmed, setArmed] = useState(false)
  useEffect(() => {
    if (!isArmed) return
    const timer = setTimeout(() => setArmed(false), REMEMBERED_MS)
    return () => clearTimeout(timer)
  }, [isArmed])
  const press = () => {
    if (isArmed) act()
    setArmed(!isArmed)
  }
  return [isArmed, press]
}
