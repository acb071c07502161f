// Speaks for the screen: the market's loss and its return, fills, and the chosen instrument now and then if that is wished
// for. One polite region; voice.ts decides what stands in it.

'use client'

import type { Execution } from '@papertape/protocol'
import { useEffect, useRef } from 'react'
import { describeRow } from '../charts/describe.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { STANDARD_SETTINGS } from '../dashboard/settings.ts'
import { formatPrice, formatSize } from '../format/format.ts'
import { useCell } from '../reactive/use-observable.tsx'
import { useMarketDoubt } from '../ui/use-staleness.tsx'

const SAY_EVERY_MS = 5_000

export function Announcer() {
  const { store, choice, settings, desk, voice } = useDashboard()
  const { announcePrices } = useCell(settings.cell, STANDARD_SETTINGS)
  const said = useCell(voice.cell)
  const isLost = useMarketDoubt()
  const wasLost = useRef(false)
  useEffect(() => {
    if (isLost === wasLost.current) return
    wasLost.current = isLost
    voice.say(isLost ? 'The connection to the market is lost. Prices may be old.' : 'The market is live again.', 'feed')
  }, [isLost, voice])
  useEffect(() => {
    const decimals = (symbol: string) => store.instrument(symbol)?.priceDecimals ?? 2
    return desk.onFill(fill => voice.say(sayFill(fill, decimals(fill.symbol)), fill.clientOrderId))
  }, [desk, store, voice])
  useEffect(() => {
    if (!announcePrices) return
    const timer = setInterval(() => {
      const { symbol } = choice.cell.get()
      const decimals = store.instrument(symbol)?.priceDecimals ?? 2
      voice.say(describeRow(store.row(symbol).get(), decimals), 'price')
    }, SAY_EVERY_MS)
    return () => clearInterval(timer)
  }, [announcePrices, choice, store, voice])
  return (
    <p className="heard" aria-live="polite" aria-atomic="true" data-testid="announcer">
      {said}
    </p>
  )
}

/** `Bought 40 of 100 VELTR at 184.53.`: the order as it stands after the fill. */
function sayFill({ side, symbol, size, cumSize, avgPrice, lastPrice }: Execution, decimals: number): string {
  const done = cumSize < size ? `${formatSize(cumSize)} of ${formatSize(size)}` : formatSize(cumSize)
  return `${side === 'buy' ? 'Bought' : 'Sold'} ${done} ${symbol} at ${formatPrice(avgPrice ?? lastPrice, decimals)}.`
}
