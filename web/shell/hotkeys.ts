// Which key does what. Pure. Single letters act only while no field has the focus and no modifier is held, and can be
// switched off (WCAG 2.1.4).

export const HOTKEYS = [
  { key: 'b', action: 'buy', says: 'Ticket: buy' },
  { key: 's', action: 'sell', says: 'Ticket: sell' },
  { key: 'l', action: 'limit', says: 'Ticket: limit order' },
  { key: 'm', action: 'market', says: 'Ticket: market order' },
  { key: 'c', action: 'cancelAll', says: 'Cancel all open orders: once to arm, again to do it' },
  { key: '/', action: 'filter', says: 'Find an instrument' },
  { key: 'f', action: 'freeze', says: 'Freeze the screen; the market goes on' },
  { key: '?', action: 'help', says: 'This list' },
  { key: 'Escape', action: 'escape', says: 'Close, disarm, leave the field' },
] as const
export type HotkeyAction = (typeof HOTKEYS)[number]['action']

/** Keys that a panel has for itself while it has the focus; listed beside the others. */
export const PANEL_KEYS = [
  { keys: ['\u2191', '\u2193', 'Enter'], says: 'Ticker, depth: move, choose' },
  { keys: ['\u2190', '\u2192'], says: 'Chart: move the cursor by a bar; Page keys by ten' },
  { keys: ['+', '\u2212'], says: 'Chart: more or fewer bars' },
  { keys: ['\u2191', '\u2193'], says: 'Size and price fields: one lot or tick; with Shift ten' },
] as const

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  /** The focus is in a field that takes text. */
  readonly typing: boolean
}

export function actionOf(press: KeyPress, singleKeys: boolean): HotkeyAction | undefined {
  if (press.key === 'Escape') return 'escape'
  if (press.ctrlKey || press.metaKey || press.altKey || press.typing || !singleKeys) return undefined
  const key = press.key.toLowerCase()
  return HOTKEYS.find(one => one.key === key)?.action
}

/** How long an armed key waits for its second press. */
export const ARMED_MS = 3_000
