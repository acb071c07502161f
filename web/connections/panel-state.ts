// What the head of a panel says about its data: live, how old, or why it is not live. Pure. ui/PanelState.tsx shows it.

import { formatTime } from '../format/format.ts'
import type { ConnectionFacts } from './connection.ts'
import { ageText, OLD_MS, stateText } from './connection-texts.ts'

export interface PanelState {
  readonly kind: 'live' | 'connecting' | 'waiting' | 'stale' | 'frozen'
  readonly text: string
  /** In whole seconds; empty while the data is as young as usual. */
  readonly age: string
  /** What follows the age. */
  readonly next: string
}

interface PanelFacts {
  readonly connection: Pick<ConnectionFacts, 'state' | 'retries' | 'staleSinceMs' | 'lastAtMs'>
  /** With the other connections of the market. */
  readonly isStale: boolean
  /** The market's time of a frozen screen, 0 before the first event; null while it is not frozen. */
  readonly frozenAtMs: number | null
  readonly nowMs: number
}

export function panelState({ connection, isStale, frozenAtMs, nowMs }: PanelFacts): PanelState {
  const { state, staleSinceMs, lastAtMs } = connection
  const ageMs = (sinceMs: number | null) => (sinceMs === null ? null : Math.max(0, nowMs - sinceMs))
  if (frozenAtMs !== null) {
    return {
      kind: 'frozen',
      text: frozenAtMs === 0 ? 'frozen' : `frozen at ${formatTime(frozenAtMs)}`,
      age: '',
      next: '',
    }
  }
  if (isStale) {
    const next = state === 'waiting' ? 'waiting to retry' : ''
    return { kind: 'stale', text: 'not live', age: ageText(ageMs(staleSinceMs ?? lastAtMs)), next }
  }
  if (state === 'waiting') return { kind: 'waiting', text: 'waiting to retry', age: '', next: '' }
  if (state !== 'live') return { kind: 'connecting', text: stateText(connection), age: '', next: '' }
  const liveMs = ageMs(lastAtMs)
  return { kind: 'live', text: 'live', age: liveMs !== null && liveMs > OLD_MS ? ageText(liveMs) : '', next: '' }
}
