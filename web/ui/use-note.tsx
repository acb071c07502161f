// Why something was refused: a note that goes by itself, so that it does not stay under another
// instrument.

'use client'

import { useEffect, useState } from 'react'

const NOTE_MS = 8_000

/** @returns the note, empty if there is none, and what sets it. */
export function useNote(): readonly [string, (note: string) => void] {
  const [note, setNote] = useState('')
  useEffect(() => {
    if (note === '') return
    const timer = setTimeout(() => setNote(''), NOTE_MS)
    return () => clearTimeout(timer)
  }, [note])
  return [note, setNote]
}
