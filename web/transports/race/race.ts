// The race: starts all lanes from one position of the log, disturbs them together, and keeps what each has received. No
// React. Created by RaceExhibit.tsx, which stops it when it is left.

import type { Rest } from '@papertape/client'
import type { FrameScheduler } from '../../reactive/frame-scheduler.ts'
import {
  type ComputedObservable,
  createComputed,
  createObservable,
  type Observable,
} from '../../reactive/observable.ts'
import { pageNowMs } from './clock-offset.ts'
import type { BackgroundStay } from './findings.ts'
import { WINDOW_MS } from './lane-geometry.ts'
import { type LaneName, type LaneRunner, type LaneSetting, type ServerControls, SLOW_3G } from './lanes/lane.ts'
import { type LaneFigures, LaneRecord } from './lanes/lane-record.ts'
import { startPollLane } from './lanes/poll-lane.ts'
import { SeenEvents } from './lanes/seen-events.ts'
import { startSseLane } from './lanes/sse-lane.ts'
import { startWebSocketLane } from './lanes/websocket-lane.ts'
import { type MissingLane, readRaceSetting, refusalText } from './race-setting.ts'

export const STALL_MS = 5_000
export const SLOW_MS = 15_000
const FIGURES_MS = 500
/** Dots are kept for longer than they are drawn: a window that moves in steps shows more. */
const DOTS_KEPT_MS = 2 * WINDOW_MS

export interface RunningLane {
  readonly name: LaneName
  readonly title: string
  readonly record: LaneRecord
}

/** A span of time in which all lanes were disturbed. */
export interface RaceShade {
  readonly kind: 'stalled' | 'slow' | 'hidden'
  readonly fromMs: number
  /** Absent while it lasts. */
  readonly toMs?: number
}

export interface RaceState {
  readonly phase: 'idle' | 'starting' | 'running' | 'stopped'
  readonly symbol: string
  readonly lanes: readonly RunningLane[]
  readonly missing: readonly MissingLane[]
  readonly startMs: number
  readonly endMs?: number
  readonly shades: readonly RaceShade[]
  /** The last time that the tab was hidden. */
  readonly background?: BackgroundStay
  /** A sentence for the user; empty if there is none. */
  readonly problem: string
}

export interface LaneResult {
  readonly name: LaneName
  readonly title: string
  readonly figures: LaneFigures
}

export interface RaceSettings {
  readonly symbol: string
  /** Of the polling lane. */
  readonly pollIntervalMs: number
}

export interface Race {
  readonly state: Observable<RaceState>
  readonly results: ComputedObservable<readonly LaneResult[]>
  /** The server's clock during a race, and its end after it. */
  nowMs(): number
  start(settings: RaceSettings): Promise<void>
  disturb(kind: 'cut' | 'stall' | 'slow'): Promise<void>
  /** The tab was hidden, or is shown again. */
  setHidden(isHidden: boolean): void
  stop(): void
}

const IDLE: RaceState = { phase: 'idle', symbol: '', lanes: [], missing: [], startMs: 0, shades: [], problem: '' }

export function createRace(rest: Rest, frames: FrameScheduler): Race {
  const state = createObservable<RaceState>(IDLE)
  const controls: ServerControls = {
    cut: key => rest.send('POST', '/v1/lab/cut', { key }),
    stall: (key, durationMs) => rest.send('POST', '/v1/lab/stall', { key, durationMs }),
    slow: (key, durationMs) => rest.send('POST', '/v1/lab/slow', { key, ...SLOW_3G, durationMs }),
  }
  let runners: LaneRunner[] = []
  let timer: ReturnType<typeof setInterval> | undefined
  let offsetMs = 0
  let pollIntervalMs = 0
  /** When the tab was hidden, and how many polls there had been. */
  let hidden: { readonly atMs: number; readonly polls: number } | undefined
  /** A start that was overtaken by a stop does not go on. */
  let attempt = 0

  const serverNowMs = () => pageNowMs() + offsetMs
  const nowMs = () => state.get().endMs ?? serverNowMs()
  const change = (part: Partial<RaceState>) => state.set({ ...state.get(), ...part })
  const results = createComputed(frames, readResults, FIGURES_MS)

  function readResults(): readonly LaneResult[] {
    const { lanes, startMs } = state.get()
    const elapsedMs = nowMs() - startMs
    return lanes.map(({ name, title, record }) => ({ name, title, figures: record.figures(elapsedMs) }))
  }

  async function start(settings: RaceSettings): Promise<void> {
    stop()
    const { symbol } = settings
    pollIntervalMs = settings.pollIntervalMs
    const own = ++attempt
    state.set({ ...IDLE, phase: 'starting', symbol })
    try {
      const { start, offsetMs: measuredMs, plans, missing } = await readRaceSetting(rest, symbol)
      if (own !== attempt) return
      offsetMs = measuredMs
      const union = new SeenEvents()
      const shared = { symbol, start, nowMs: serverNowMs, controls, onOtherMarket: stopInOtherMarket }
      const lanes = plans.map(plan => ({ ...plan, record: new LaneRecord(union) }))
      runners = lanes.map(lane => startLane(lane.name, { ...lane, ...shared }, pollIntervalMs))
      change({ phase: 'running', lanes, missing, startMs: serverNowMs() })
      timer = setInterval(tick, FIGURES_MS)
    } catch (error) {
      if (own === attempt) change({ phase: 'stopped', problem: refusalText(error) })
    }
  }

  function stopInOtherMarket(): void {
    stop()
    change({ problem: 'Another market answers at this address now. Start again.' })
  }

  function tick(): void {
    for (const { record } of state.get().lanes) record.forgetDots(nowMs() - DOTS_KEPT_MS)
    results.invalidate()
  }

  function stop(): void {
    attempt++
    clearInterval(timer)
    for (const runner of runners) runner.stop()
    runners = []
    if (state.get().phase === 'running') change({ phase: 'stopped', endMs: serverNowMs() })
    if (state.get().phase === 'starting') state.set(IDLE)
    results.invalidate()
  }

  async function disturb(kind: 'cut' | 'stall' | 'slow'): Promise<void> {
    const fromMs = serverNowMs()
    const { shades } = state.get()
    if (kind === 'stall') change({ shades: [...shades, { kind: 'stalled', fromMs, toMs: fromMs + STALL_MS }] })
    if (kind === 'slow') change({ shades: [...shades, { kind: 'slow', fromMs, toMs: fromMs + SLOW_MS }] })
    const durationMs = kind === 'stall' ? STALL_MS : SLOW_MS
    const done = await Promise.allSettled(runners.map(runner => runner[kind](durationMs)))
    const failed = done.find(result => result.status === 'rejected')
    change({ problem: failed === undefined ? '' : refusalText(failed.reason) })
  }

  function setHidden(isHidden: boolean): void {
    const { phase, lanes, shades } = state.get()
    if (phase !== 'running') return
    const atMs = serverNowMs()
    const polls = lanes.find(({ name }) => name === 'polling')?.record.requests ?? 0
    if (isHidden) {
      hidden = { atMs, polls }
      change({ shades: [...shades, { kind: 'hidden', fromMs: atMs }] })
    } else if (hidden !== undefined) {
      const background = { durationMs: atMs - hidden.atMs, polls: polls - hidden.polls, pollIntervalMs }
      change({ background, shades: shades.map(one => (one.toMs === undefined ? { ...one, toMs: atMs } : one)) })
      hidden = undefined
    }
  }

  return { state, results, nowMs, start, stop, disturb, setHidden }
}

function startLane(name: LaneName, setting: LaneSetting, pollIntervalMs: number): LaneRunner {
  switch (name) {
    case 'polling':
      return startPollLane(setting, { waitS: 0, intervalMs: pollIntervalMs })
    case 'longPoll':
      return startPollLane(setting, { waitS: 25, intervalMs: 0 })
    case 'webSocket':
      return startWebSocketLane(setting, 'json')
    case 'webSocketBinary':
      return startWebSocketLane(setting, 'binary')
    case 'sse':
    case 'otherSse':
      return startSseLane(setting)
  }
}
