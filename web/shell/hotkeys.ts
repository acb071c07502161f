// The hotkeys and their actions. Pure. Single keys act only while no field has the focus and no modifier is held, and
// can be switched off (WCAG 2.1.4). Which of them have to be armed is decided in orders/arming.ts.

import type { KeyAct } from '../orders/arming.ts'

export const HOTKEY_GROUPS = ['Order ticket', 'Open orders', 'Positions', 'Moving', 'Screen'] as const

interface Hotkey {
  /** As in KeyboardEvent.key, letters in lower case. */
  readonly keys: readonly string[]
  readonly action: string
  readonly group: (typeof HOTKEY_GROUPS)[number]
  readonly description: string
  /** What it does at the exchange. */
  readonly act?: KeyAct
}

export const HOTKEYS = [
  { keys: ['b'], action: 'buy', group: 'Order ticket', description: 'Buy' },
  { keys: ['s'], action: 'sell', group: 'Order ticket', description: 'Sell' },
  { keys: ['l'], action: 'limit', group: 'Order ticket', description: 'Limit order' },
  { keys: ['m'], action: 'market', group: 'Order ticket', description: 'Market order' },
  { keys: ['t'], action: 'stop', group: 'Order ticket', description: 'Stop order' },
  { keys: ['y'], action: 'stopLimit', group: 'Order ticket', description: 'Stop-limit order' },
  { keys: ['q'], action: 'size', group: 'Order ticket', description: 'Go to the size' },
  { keys: ['p'], action: 'price', group: 'Order ticket', description: 'Go to the price, the stop price or the trail' },
  { keys: ['r'], action: 'repeat', group: 'Order ticket', description: 'Fill in the last order again' },
  { keys: ['a'], action: 'arm', group: 'Order ticket', description: 'Arm the keys (press twice), or disarm them' },
  { keys: ['.', 'Enter'], action: 'send', group: 'Order ticket', description: 'Send the order, if armed', act: 'send' },
  { keys: ['x'], action: 'cancelNewest', group: 'Open orders', description: 'Cancel the newest order', act: 'cancel' },
  {
    keys: ['c'],
    action: 'cancelAll',
    group: 'Open orders',
    description: 'Cancel all orders (press twice)',
    act: 'cancel',
  },
  {
    keys: ['e'],
    action: 'closePosition',
    group: 'Positions',
    description: 'Close the position of the instrument, if armed',
    act: 'close',
  },
  {
    keys: ['z'],
    action: 'closeAll',
    group: 'Positions',
    description: 'Close all positions, if armed (press twice)',
    act: 'close',
  },
  { keys: ['j', ']'], action: 'nextInstrument', group: 'Moving', description: 'Next instrument' },
  { keys: ['k', '['], action: 'previousInstrument', group: 'Moving', description: 'Previous instrument' },
  { keys: ['/'], action: 'filter', group: 'Moving', description: 'Find an instrument' },
  { keys: ['F6'], action: 'nextPanel', group: 'Moving', description: 'Next panel (with Shift: previous)' },
  { keys: ['Escape'], action: 'escape', group: 'Moving', description: 'Close, or leave the field' },
  { keys: ['f'], action: 'freeze', group: 'Screen', description: 'Freeze the screen' },
  { keys: ['?'], action: 'help', group: 'Screen', description: 'Show this help' },
] as const satisfies readonly Hotkey[]
export type HotkeyAction = (typeof HOTKEYS)[number]['action'] | 'previousPanel'

/** The keys of a panel while it has the focus, for the help. */
export const PANEL_KEYS = [
  { keys: ['\u2191', '\u2193'], description: 'Size and prices: one step (with Shift: ten)' },
  { keys: ['Enter'], description: 'A field of the ticket: send if armed, else go to the button' },
  { keys: ['\u2191', '\u2193', 'Enter'], description: 'Markets and ladder: move, select' },
  { keys: ['\u2190', '\u2192'], description: 'Ladder: bid, price or offer' },
  { keys: ['Home'], description: 'Ladder: the best prices in the middle' },
  { keys: ['Alt+\u2191\u2193', 'Enter'], description: 'Ladder: move own orders by a row, send if armed' },
  { keys: ['Delete'], description: 'Ladder: cancel the own orders of the row' },
  { keys: ['\u2190', '\u2192'], description: 'Chart: from bar to bar (Page Up/Down: a screen)' },
  { keys: ['Home', 'End'], description: 'Chart: the oldest bar, back to now' },
  { keys: ['+', '\u2212'], description: 'Chart: wider or narrower bars' },
  {
    keys: ['\u2191', '\u2193', 'Enter'],
    description: 'Chart: choose a price (with Shift: ten steps), fill the ticket',
  },
  { keys: ['Shift+Enter'], description: 'Chart: set an alert at the chosen price' },
  { keys: ['Shift+click'], description: 'Chart: fill the ticket, as a click on the price axis' },
  { keys: ['\u2191', '\u2193', 'Enter'], description: 'Order on the chart: move its price, send if armed' },
  { keys: ['Enter'], description: 'A field of an open order: save if armed, else go to the button' },
] as const

/**
 * What these actions do cannot be taken back by a second press, or arms the keys: the first press only asks. Closing
 * all positions says first what it sends.
 */
export const CONFIRMED_BY_SECOND_PRESS: Readonly<Partial<Record<HotkeyAction, string>>> = {
  cancelAll: 'Press C again to cancel all open orders',
  arm: 'Press A again to arm the keys: then they send and change orders',
  closeAll: 'Press Z again to send.',
}

/** How long the text of a key is shown, and the first of two presses remembered: long enough to read it. */
export function shownMs(text: string): number {
  return Math.max(3_000, text.length * 80)
}

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  /** The focus is in a text field. */
  readonly typing: boolean
  /** The focus is on an element, such as a button, which Enter activates. */
  readonly isOnElement: boolean
  /** On the trading screen; on any other only the keys of the screen itself act. */
  readonly isTrading: boolean
}

/** What a hotkey does at the exchange; undefined if nothing. */
export function actOf(action: HotkeyAction): KeyAct | undefined {
  const hotkey: Hotkey | undefined = HOTKEYS.find(one => one.action === action)
  return hotkey?.act
}

export function actionOf(press: KeyPress, singleKeys: boolean): HotkeyAction | undefined {
  if (press.key === 'Escape') return 'escape'
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined
  if (press.key === 'F6') return press.shiftKey ? 'previousPanel' : 'nextPanel'
  if (press.typing || !singleKeys || (press.key === 'Enter' && press.isOnElement)) return undefined
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  const hotkey = HOTKEYS.find(({ keys }) => (keys as readonly string[]).includes(key))
  return press.isTrading || hotkey?.group === 'Screen' ? hotkey?.action : undefined
}
