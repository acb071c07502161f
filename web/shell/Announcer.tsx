// Announces to screen readers: loss and return of the market, what was missed, arming of the keys, reports of orders,
// alerts that have triggered, urgent news of the selected instrument, and its price if the settings say so. One polite
// live region; dashboard/announcements.ts is its queue.

'use client'

import { useEffect, useRef } from 'react'
import { outageText } from '../connections/connection-texts.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { DEFAULT_SETTINGS } from '../dashboard/settings.ts'
import { concerns } from '../market/news.ts'
import { reportText } from '../orders/report-text.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import { ARMED_TEXT, DISARMED_TEXT, LIVE_TEXT, LOST_TEXT, newsText, priceText } from './announcement-texts.ts'

const PRICE_EVERY_MS = 5_000

export function Announcer() {
  const { store, selection, settings, desk, alerts, feed, announcements } = useDashboard()
  const { announcePrices, keysSend } = useObservable(settings.state, DEFAULT_SETTINGS)
  const text = useObservable(announcements.text)
  const isStale = useMarketStaleness()
  const outage = useObservable(feed.lastOutage)
  const wasStale = useRef(false)
  useEffect(() => {
    if (isStale === wasStale.current) return
    wasStale.current = isStale
    announcements.announce(isStale ? LOST_TEXT : LIVE_TEXT, 'feed')
  }, [isStale, announcements])
  // After the return: facts are shown a moment later than they are known.
  useEffect(() => {
    if (outage !== null && !isStale) announcements.announce(outageText(outage), 'outage')
  }, [outage, isStale, announcements])
  const wasArmed = useRef(false)
  useEffect(() => {
    if (keysSend === wasArmed.current) return
    wasArmed.current = keysSend
    announcements.announce(keysSend ? ARMED_TEXT : DISARMED_TEXT, 'arming')
  }, [keysSend, announcements])
  useEffect(() => {
    const decimals = (symbol: string) => store.instrument(symbol)?.priceDecimals ?? 2
    return desk.onReport(one => announcements.announce(reportText(one, decimals(one.symbol)), one.orderId))
  }, [desk, store, announcements])
  useEffect(
    () => alerts.onTriggered(({ alertId }, text) => announcements.announce(text, `alert ${alertId}`)),
    [alerts, announcements],
  )
  useEffect(() => {
    let seenSeq = 0
    return store.news.subscribe(() => {
      const [newest] = store.news.get()
      const isNew = newest !== undefined && newest.seq > seenSeq
      seenSeq = newest?.seq ?? 0
      // Headlines from before the page was opened come with the first snapshot, before the market's clock.
      if (!isNew || store.clock.get() === 0 || newest.severity === 'info') return
      if (concerns(newest, selection.state.get().symbol)) announcements.announce(newsText(newest), 'news')
    })
  }, [store, selection, announcements])
  useEffect(() => {
    if (!announcePrices) return
    const timer = setInterval(() => {
      const { symbol } = selection.state.get()
      const decimals = store.instrument(symbol)?.priceDecimals ?? 2
      announcements.announce(priceText(store.summary(symbol).get(), decimals), 'price')
    }, PRICE_EVERY_MS)
    return () => clearInterval(timer)
  }, [announcePrices, selection, store, announcements])
  return (
    <p className="visually-hidden" aria-live="polite" aria-atomic="true" data-testid="announcer">
      {text}
    </p>
  )
}
