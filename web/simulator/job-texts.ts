// What the Simulator screen writes about a simulation. Pure.

import type { SimulationProgress, SimulationState, SimulationSummary } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import type { SimulationStreamState } from './simulator-state.ts'

export const STATE_TEXTS: Readonly<Record<SimulationState, string>> = {
  queued: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  canceled: 'canceled',
}

export const STREAM_TEXTS: Readonly<Record<SimulationStreamState, string>> = {
  closed: '',
  connecting: 'Connecting to the progress of this simulation…',
  open: '',
  reconnecting: 'The connection is lost. The browser reconnects by itself and goes on after the last event.',
  lost: 'The server no longer has this simulation: it keeps the last twenty, and none over a restart.',
}

/** `mixed, 2 instruments, 1 h, flash-crash, seed 7`. */
export function describeJob({ preset, symbols, durationMs, scenarios, seed }: SimulationSummary): string {
  const count = symbols.length === 1 ? '1 instrument' : `${symbols.length} instruments`
  const parts = [preset, count, lengthText(durationMs), ...scenarios.map(({ name }) => name), `seed ${seed}`]
  return parts.join(', ')
}

function lengthText(durationMs: number): string {
  const minutes = durationMs / 60_000
  if (minutes >= 60) return `${Number((minutes / 60).toFixed(2))} h`
  return minutes >= 1 ? `${Number(minutes.toFixed(1))} min` : `${Math.round(durationMs / 1_000)} s`
}

/** `23 min simulated, 1,476 times real time, 51,220 events, 3 s left`. */
export function progressText(state: SimulationState, progress: SimulationProgress): string {
  const { simulatedMs, rate, events } = progress
  const parts = [
    `${lengthText(simulatedMs)} simulated`,
    `${formatSize(Math.round(rate))} times real time`,
    `${formatSize(events)} events`,
    state === 'running' ? leftText(progress) : '',
  ]
  return parts.filter(part => part !== '').join(' · ')
}

function leftText({ fraction, remainingMs }: SimulationProgress): string {
  if (fraction >= 1) return 'measuring the report'
  return remainingMs === null ? '' : `${Math.max(1, Math.ceil(remainingMs / 1_000))} s left`
}
