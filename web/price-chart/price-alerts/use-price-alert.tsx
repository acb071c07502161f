// Sets and removes alerts on a price of the chart, and has in words why that was refused.

'use client'

import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useNote } from '../../ui/use-note.tsx'

export interface PriceAlert {
  /** Empty if nothing was refused. */
  readonly note: string
  /** @param price on the grid, as it is shown. */
  set(symbol: string, price: string): Promise<void>
  remove(alertId: string): Promise<void>
}

export function usePriceAlert(): PriceAlert {
  const { alerts, announcements } = useDashboard()
  const [note, setNote] = useNote()
  return {
    note,
    async set(symbol, price) {
      const loaded = await alerts.load()
      const refusal = await loaded?.create({ condition: 'priceCrosses', symbol, price: Number(price) })
      setNote(refusal ?? '')
      if (loaded !== null && refusal === undefined) announcements.announce(`Alert set at ${price}.`, 'keys')
    },
    async remove(alertId) {
      const loaded = await alerts.load()
      const refusal = await loaded?.remove(alertId)
      setNote(refusal ?? '')
      if (loaded !== null && refusal === undefined) announcements.announce('Alert removed.', 'keys')
    },
  }
}
