// Bugs of the dashboard: what a person reads, sends and sets.

import type { Mutant } from '../mutant.ts'

export const WEB: readonly Mutant[] = [
  {
    breaks: 'an order that expired is shown as filled',
    file: 'web/orders/submissions.ts',
    text: `expired: 'expired',`,
    replacement: `expired: 'filled',`,
  },
  {
    breaks: 'an order that never arrived is shown as accepted',
    file: 'web/orders/submissions.ts',
    text: `else move(clientOrderId, 'absent', { text: absentText(cancels, order) })`,
    replacement: `else move(clientOrderId, 'accepted', { text: absentText(cancels, order) })`,
  },
  {
    breaks: 'rising candles have the colour of falling ones',
    file: 'web/charts/candle-controller.ts',
    text: `element.direction = bar.close >= bar.open ? 'up' : 'down'`,
    replacement: `element.direction = bar.close >= bar.open ? 'down' : 'up'`,
  },
  {
    breaks: 'one setting resets all others',
    file: 'web/dashboard/settings.ts',
    text: 'const next = { ...state.get(), ...part }',
    replacement: 'const next = { ...DEFAULT_SETTINGS, ...part }',
  },
  {
    breaks: 'a setting does not last beyond the page',
    file: 'web/dashboard/settings.ts',
    text: `      storage.setItem(SETTINGS_KEY, JSON.stringify(next))
`,
    replacement: '',
  },
  {
    breaks: 'a loss has no sign',
    file: 'web/format/format.ts',
    text: `return (value > 0 ? '+' : MINUS) + text`,
    replacement: `return (value > 0 ? '+' : '') + text`,
  },
  {
    breaks: '6,85 is sent as 685',
    file: 'web/orders/typed-number.ts',
    text: '(?:,\\d{3})+(?:\\.\\d*)?$/',
    replacement: '(?:,\\d{2,3})+(?:\\.\\d*)?$/',
  },
  {
    breaks: 'a price off the tick is sent',
    file: 'web/orders/checked-number.ts',
    text: 'Math.abs(onTick - price) <= tickSize * 1e-6',
    replacement: 'Math.abs(onTick - price) <= tickSize',
  },
  {
    breaks: 'a market order is estimated at the prices of its own side',
    file: 'web/orders/order-cautions.ts',
    text: `draft.side === 'buy' ? context.asks : context.bids`,
    replacement: `draft.side === 'buy' ? context.bids : context.asks`,
  },
  {
    breaks: 'orders are sent from a frozen screen',
    file: 'web/orders/arming.ts',
    text: 'if (isFrozen) return',
    replacement: `if (isFrozen && channel !== 'live') return`,
  },
  {
    breaks: 'a double click sends two orders',
    file: 'web/orders/arming.ts',
    text: 'return sinceMs >= DOUBLE_PRESS_MS || sinceMs < 0',
    replacement: 'return sinceMs >= 0 || sinceMs < 0',
  },
  {
    breaks: 'a trade is shown twice',
    file: 'web/market/tape.ts',
    text: 'trade.seq <= (trades[0]?.seq ?? 0)',
    replacement: 'trade.seq < (trades[0]?.seq ?? 0)',
  },
  {
    breaks: 'a book with a wrong checksum is shown as verified',
    file: 'web/market/depth.ts',
    text: `update === 'stale' || (update === 'applied' && view.checksum() === book.checksum)`,
    replacement: `update === 'stale' || update === 'applied'`,
  },
  {
    breaks: 'letters typed into a field are hotkeys',
    file: 'web/shell/hotkeys.ts',
    text: 'if (press.typing || !singleKeys',
    replacement: 'if (!singleKeys',
  },
  {
    breaks: 'Enter on a button sends the order',
    file: 'web/shell/hotkeys.ts',
    text: `(press.key === 'Enter' && press.isOnElement)`,
    replacement: 'false',
  },
  {
    breaks: 'what open orders offer is sold again',
    file: 'web/orders/order-share.ts',
    text: '((held - offered) * percent)',
    replacement: '(held * percent)',
  },
  {
    breaks: 'a frozen screen goes on',
    file: 'web/reactive/frame-scheduler.ts',
    text: '!(frozen && freezable.has(task))',
    replacement: '!(frozen && !freezable.has(task))',
  },
]
