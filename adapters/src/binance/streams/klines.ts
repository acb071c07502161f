// One kline stream: the bar that forms, once a second when it has changed, and each bar once more when it has closed.

import type { FeedInstrumentView } from '@papertape/feed'
import type { Bar, Clock } from '@papertape/protocol'
import { readBars } from '../../market/bar-lengths.ts'
import { klineEvent } from '../messages/market-data.ts'
import type { StreamName } from './stream-names.ts'

const UPDATE_MS = 1_000
const ALL_TIME = { from: 0, to: Number.MAX_SAFE_INTEGER }

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
    const [last, forming] = (await readBars(instrument, intervalMs, { ...ALL_TIME, limit: 2 })).slice(-2)
    if (hasEnded || last === undefined) return
    const newest = forming ?? last
    if (sent !== undefined && newest.time > sent.time && last.time === sent.time) show(last, true)
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
