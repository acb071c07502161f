// Speaks for the screen: connections when they change, the chosen instrument now and then if that is wished for. One
// polite region; nothing is said more often than every five seconds.

'use client'

import { useEffect, useState } from 'react'
import { describeRow } from '../charts/describe.ts'
import { isDoubtful } from '../market/line.ts'
import { useCell } from '../market/use-cell.tsx'
import { useDashboard } from './dashboard-context.tsx'
import { STANDARD_SETTINGS } from './settings.ts'

const SAY_EVERY_MS = 5_000

export function Announcer() {
  const { store, choice, settings, lines } = useDashboard()
  const { announcePrices } = useCell(settings.cell, STANDARD_SETTINGS)
  const doubtful = isDoubtful(useCell(lines.tape.cell))
  const [said, setSaid] = useState('')
  const [wasDoubtful, setWasDoubtful] = useState(false)
  if (doubtful !== wasDoubtful) {
    setWasDoubtful(doubtful)
    setSaid(doubtful ? 'The connection to the market is lost. Reconnecting.' : 'The market is live again.')
  }
  useEffect(() => {
    if (!announcePrices) return
    const timer = setInterval(() => {
      const { symbol } = choice.cell.get()
      const decimals = store.instrument(symbol)?.priceDecimals ?? 2
      setSaid(describeRow(store.row(symbol).get(), decimals))
    }, SAY_EVERY_MS)
    return () => clearInterval(timer)
  }, [announcePrices, choice, store])
  return (
    <p className="heard" aria-live="polite" aria-atomic="true" data-testid="announcer">
      {said}
    </p>
  )
}
