// The hotkeys and their actions. Pure. Single letters act only while no field has the focus and no modifier is held,
// and can be switched off (WCAG 2.1.4).

export const HOTKEYS = [
  { key: 'b', action: 'buy', description: 'Ticket: buy' },
  { key: 's', action: 'sell', description: 'Ticket: sell' },
  { key: 'l', action: 'limit', description: 'Ticket: limit order' },
  { key: 'm', action: 'market', description: 'Ticket: market order' },
  { key: 'c', action: 'cancelAll', description: 'Cancel all open orders (press twice)' },
  { key: '/', action: 'filter', description: 'Find an instrument' },
  { key: 'f', action: 'freeze', description: 'Freeze the screen' },
  { key: '?', action: 'help', description: 'Show this help' },
  { key: 'Escape', action: 'escape', description: 'Close, or leave the field' },
] as const
export type HotkeyAction = (typeof HOTKEYS)[number]['action']

/** The keys of a panel while it has the focus, for the help. */
export const PANEL_KEYS = [
  { keys: ['\u2191', '\u2193', 'Enter'], description: 'Ticker and ladder: move, select' },
  { keys: ['\u2190', '\u2192'], description: 'Ladder: bid, price or offer' },
  { keys: ['Home'], description: 'Ladder: the best prices in the middle' },
  { keys: ['Alt+\u2191', 'Alt+\u2193', 'Enter'], description: 'Ladder: move own orders by a row, send' },
  { keys: ['Delete'], description: 'Ladder: cancel the own orders of the row' },
  { keys: ['\u2190', '\u2192'], description: 'Chart: from bar to bar (Page Up/Down: a screen)' },
  { keys: ['Home', 'End'], description: 'Chart: the oldest bar, back to now' },
  { keys: ['+', '\u2212'], description: 'Chart: wider or narrower bars' },
  { keys: ['\u2191', '\u2193', 'Enter'], description: 'Order on the chart: move its price, send (Escape: leave it)' },
  { keys: ['\u2191', '\u2193'], description: 'Size and price: one step (with Shift: ten)' },
] as const

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  /** The focus is in a text field. */
  readonly typing: boolean
}

export function actionOf(press: KeyPress, singleKeys: boolean): HotkeyAction | undefined {
  if (press.key === 'Escape') return 'escape'
  if (press.ctrlKey || press.metaKey || press.altKey || press.typing || !singleKeys) return undefined
  const key = press.key.toLowerCase()
  return HOTKEYS.find(one => one.key === key)?.action
}

/** How long the first press of a key that takes two is remembered. */
export const ARMED_MS = 3_000
