// What the drawing of six streams shows: the time that is drawn, and of each stream its dots, the gap while it waited,
// and whether it ran on. Pure geometry in percent of the width; StreamLanes.tsx draws it.

import { LOSS_LAB } from '@papertape/protocol'
import type { LossTrial } from './loss-experiment.ts'
import { type Arrival, longestGap, lossFinding } from './order-of-arrival.ts'

export interface StreamLane {
  readonly name: string
  readonly dots: readonly number[]
  readonly gap: { readonly at: number; readonly width: number } | undefined
  /** `ran on`, `waited 212 ms`; empty while nothing was lost. */
  readonly result: string
  readonly isWaiting: boolean
}

export interface StreamDrawing {
  readonly lanes: readonly StreamLane[]
  /** When the packet was lost. */
  readonly lossAt: number | undefined
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
}

const LIVE_MS = 1_000
const SHOWN = { beforeMs: 150, afterMs: 650 } as const
const TICK_MS = 100

/** The streams as they run now. */
export function drawLive(arrivals: readonly Arrival[]): StreamDrawing {
  const toMs = arrivals.at(-1)?.atMs ?? 0
  const place = (atMs: number) => percent(atMs, toMs - LIVE_MS, toMs)
  const lanes = eachLane(arrivals, place, () => ({ gap: undefined, result: '', isWaiting: false }))
  return { lanes, lossAt: undefined, ticks: [] }
}

/** A trial around its loss. */
export function drawTrial({ arrivals, loss, outcome }: LossTrial): StreamDrawing {
  const [fromMs, toMs] = [loss.lostAtMs - SHOWN.beforeMs, loss.lostAtMs + SHOWN.afterMs]
  const place = (atMs: number) => percent(atMs, fromMs, toMs)
  const finding = lossFinding(outcome, LOSS_LAB.streams)
  const lanes = eachLane(arrivals, place, (own, lane) => {
    const gap = longestGap(own)
    const isWaiting = finding !== 'unclear' && !outcome.ranOn.includes(lane) && gap !== undefined
    if (!isWaiting) return { gap: undefined, result: finding === 'unclear' ? '' : 'ran on', isWaiting }
    const at = place(gap.fromMs)
    const width = place(gap.fromMs + gap.lengthMs) - at
    return { gap: { at, width }, result: `waited ${Math.round(gap.lengthMs)} ms`, isWaiting }
  })
  const ticks = Array.from({ length: SHOWN.afterMs / TICK_MS + 1 }, (_, index) => index * TICK_MS)
    .filter(sinceMs => sinceMs < SHOWN.afterMs)
    .map(sinceMs => ({ at: place(loss.lostAtMs + sinceMs), text: sinceMs === 0 ? 'lost' : `${sinceMs} ms` }))
  return { lanes, lossAt: place(loss.lostAtMs), ticks }
}

function eachLane(
  arrivals: readonly Arrival[],
  place: (atMs: number) => number,
  describeLane: (own: readonly Arrival[], lane: number) => Pick<StreamLane, 'gap' | 'result' | 'isWaiting'>,
): StreamLane[] {
  return Array.from({ length: LOSS_LAB.streams }, (_, lane) => {
    const own = arrivals.filter(arrival => arrival.lane === lane)
    const dots = own.map(({ atMs }) => place(atMs)).filter(at => at >= 0 && at <= 100)
    return { name: `Stream ${lane + 1}`, dots, ...describeLane(own, lane) }
  })
}

function percent(atMs: number, fromMs: number, toMs: number): number {
  return Math.round(((atMs - fromMs) / (toMs - fromMs)) * 10_000) / 100
}
