// One kline stream: the bar that forms, once a second when it has changed, and each bar once more when it has closed.

import type { FeedInstrumentView } from '@papertape/feed'
import type { Bar, Clock } from '@papertape/protocol'
import { readBars } from '../../market/bar-lengths.ts'
import { klineEvent } from '../messages/market-data.ts'
import type { StreamName } from './stream-names.ts'

const UPDATE_MS = 1_000
/** Of bars that begin between two updates, where the market runs fast. */
const BARS_MAX = 1_000

export interface KlineDeps {
  readonly clock: Clock
  readonly instrument: FeedInstrumentView
  readonly send: (event: object) => void
  readonly onError: (error: unknown) => void
}

/** @returns ends it. */
export function openKlines(
  deps: KlineDeps,
  { interval, intervalMs }: StreamName & { readonly kind: 'kline' },
): () => void {
  const { clock, instrument, send, onError } = deps
  const { symbol } = instrument.spec
  let sent: Bar | undefined
  let hasEnded = false
  let cancelTimer = () => {}
  const show = (bar: Bar, isClosed: boolean) =>
    send(klineEvent(symbol, interval, bar, intervalMs, isClosed, Math.floor(clock.wallMs())))
  const update = async () => {
    const range = { from: sent?.time ?? 0, to: Number.MAX_SAFE_INTEGER, limit: sent === undefined ? 1 : BARS_MAX }
    const bars = await readBars(instrument, intervalMs, range)
    const newest = bars.at(-1)
    if (hasEnded || newest === undefined) return
    for (const bar of bars.slice(0, -1)) show(bar, true)
    if (sent === undefined || newest.time > sent.time || newest.trades > sent.trades) show(newest, false)
    sent = newest
  }
  const wait = () => {
    cancelTimer = clock.setTimer(() => {
      update().then(() => {
        if (!hasEnded) wait()
      }, onError)
    }, UPDATE_MS)
  }
  wait()
  return () => {
    hasEnded = true
    cancelTimer()
  }
}
