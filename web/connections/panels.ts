// What each panel needs of a connection. Which transport follows from that is the decision tree's business, not ours:
// nothing in web/ names a transport for a panel. Read by the panels' badges and by the Transports page.

import { type Choice, chooseTransport, type Need, type Transport } from '@papertape/protocol'

/** Which of the page's connections carries a panel. */
export type LineName = 'requests' | 'tape' | 'book' | 'orders'

export interface PanelNeed {
  readonly title: string
  readonly need: Pick<Need, 'realtime' | 'bidirectional'>
  readonly line: LineName
  /** What the panel shows, in words. */
  readonly shows: string
}

export const PANELS = {
  instruments: {
    title: 'Instruments',
    need: { realtime: false, bidirectional: false },
    line: 'requests',
    shows: 'Names, tick sizes and lot sizes. They change between sessions, so they are asked for once.',
  },
  history: {
    title: 'Candle history',
    need: { realtime: false, bidirectional: false },
    line: 'requests',
    shows: 'Bars that have closed. What has happened does not change, so it is fetched when the chart needs it.',
  },
  ticker: {
    title: 'Ticker',
    need: { realtime: true, bidirectional: false },
    line: 'tape',
    shows: 'Last price, change and volume of every instrument. The market speaks; the reader only listens.',
  },
  candles: {
    title: 'Live bar',
    need: { realtime: true, bidirectional: false },
    line: 'tape',
    shows: 'The bar that is forming, folded from the same trades as the ticker.',
  },
  tape: {
    title: 'Time and sales',
    need: { realtime: true, bidirectional: false },
    line: 'tape',
    shows: 'Each trade of the chosen instrument, in order, none left out.',
  },
  depth: {
    title: 'Depth',
    need: { realtime: true, bidirectional: false },
    line: 'book',
    shows: 'The order book of the chosen instrument: a snapshot, then changes, proved by a checksum.',
  },
  trading: {
    title: 'Trading',
    need: { realtime: true, bidirectional: true },
    line: 'orders',
    shows: 'Orders go up at any time, fills come down at any time: both sides speak.',
  },
} as const satisfies Record<string, PanelNeed>
export type PanelName = keyof typeof PANELS
export const PANEL_NAMES = Object.keys(PANELS) as PanelName[]

/** The tree's answer for a panel. `streams: false` when its connection had to fall back. */
export function choiceFor(panel: PanelName, streams = true): Choice {
  return chooseTransport({ ...PANELS[panel].need, streams })
}

export const TRANSPORT_LABELS: Readonly<Record<Transport, { short: string; long: string }>> = {
  rest: { short: 'REST', long: 'Plain HTTP requests' },
  sse: { short: 'SSE', long: 'Server-Sent Events' },
  websocket: { short: 'WS', long: 'WebSocket' },
  longPoll: { short: 'POLL', long: 'Long polling' },
}
