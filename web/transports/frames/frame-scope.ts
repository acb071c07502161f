// Which frames belong to what: a connection, or a panel, which uses some frames of its connection. Pure.

import type { TappedFrame } from '@papertape/client'
import type { FeedEventName } from '@papertape/protocol'
import type { FrameSourceName } from '../../connections/frame-source.ts'
import { PANEL_NAMES, PANELS, type PanelName } from '../../connections/panels.ts'

export type ScopeName = FrameSourceName | PanelName

export interface FrameScope {
  readonly title: string
  readonly source: FrameSourceName
  /** Of the feed; all of them when empty. */
  readonly events: readonly FeedEventName[]
  /** Frames of the feed about this instrument alone; null for all. */
  readonly symbol: string | null
}

export const SOURCE_TITLES: Readonly<Record<FrameSourceName, string>> = {
  feed: 'Feed',
  orders: 'Order channel',
  requests: 'Requests',
}
export const SCOPE_NAMES = [...(Object.keys(SOURCE_TITLES) as FrameSourceName[]), ...PANEL_NAMES]

const SOURCES = { requests: 'requests', tape: 'feed', book: 'feed', orders: 'orders' } as const
/** What a panel takes from the feed, of the selected instrument or of all. */
const FEED_USE: Partial<Record<PanelName, { events: readonly FeedEventName[]; ofSelected: boolean }>> = {
  ticker: { events: ['quote', 'trade'], ofSelected: false },
  candles: { events: ['trade'], ofSelected: true },
  tape: { events: ['trade'], ofSelected: true },
  news: { events: ['news'], ofSelected: false },
  depth: { events: ['book'], ofSelected: true },
}

/** @param selected the selected instrument */
export function frameScope(name: ScopeName, selected: string): FrameScope {
  if (name === 'feed' || name === 'orders' || name === 'requests') {
    return { title: SOURCE_TITLES[name], source: name, events: [], symbol: null }
  }
  const { events = [], ofSelected = false } = FEED_USE[name] ?? {}
  const { title, connection } = PANELS[name]
  return { title, source: SOURCES[connection], events, symbol: ofSelected ? selected : null }
}

/** A poll's body holds the events of all panels: each panel has it. */
export function isInScope({ events, symbol }: FrameScope, { transport, event, text }: TappedFrame): boolean {
  if (events.length === 0 || transport === 'longPoll') return true
  return events.some(name => name === event) && (symbol === null || text.includes(`"symbol":"${symbol}"`))
}
