// Bugs of the orders of the dashboard: what is sent, what becomes of it, and how that reads.

import type { Mutant } from '../mutant.ts'

export const WEB_ORDERS: readonly Mutant[] = [
  {
    breaks: 'a key that is not armed replaces an order',
    file: 'web/orders/arming.ts',
    text: `replace: 'no order was changed',`,
    replacement: 'replace: undefined,',
  },
  {
    breaks: 'a short position is closed by another sale',
    file: 'web/orders/closing.ts',
    text: `size > 0 ? 'sell' : 'buy'`,
    replacement: `size === 0 ? 'buy' : 'sell'`,
  },
  {
    breaks: 'what already waits for the auction is sent again',
    file: 'web/orders/closing.ts',
    text: 'Math.abs(size) - waiting.reduce((sum, { leavesSize }) => sum + leavesSize, 0)',
    replacement: 'Math.abs(size)',
  },
  {
    breaks: 'shares that an open order offers keep the position from being closed',
    file: 'web/orders/closing.ts',
    text: `own.filter(({ orderType }) => orderType !== 'market')`,
    replacement: 'own.filter(({ orderType }) => orderType === undefined)',
  },
  {
    breaks: 'the reject of an order that closes a position is not reported',
    file: 'web/orders/desk/desk.ts',
    text: ` && one.kind === 'order'`,
    replacement: '',
  },
  {
    breaks: 'an iceberg that became a market order keeps its display size',
    file: 'web/orders/order-draft.ts',
    text: `displaySize: rests ? timed.displaySize : ''`,
    replacement: 'displaySize: timed.displaySize',
  },
  {
    breaks: 'an order can be cut to what is already filled',
    file: 'web/orders/order-edit.ts',
    text: 'if (size > cumSize) return undefined',
    replacement: 'if (size >= cumSize) return undefined',
  },
  {
    breaks: 'an edit sends the fields that were not changed, too',
    file: 'web/orders/order-edit.ts',
    text: 'else if (checked.value !== order[field]) change[field] = checked.value',
    replacement: 'else change[field] = checked.value',
  },
  {
    breaks: 'the stop price of a triggered order can be edited',
    file: 'web/orders/order-edit.ts',
    text: 'stopPrice !== undefined && triggered !== true',
    replacement: 'stopPrice !== undefined',
  },
  {
    breaks: 'the history shows orders of the account before',
    file: 'web/orders/order-history.ts',
    text: `if (asked !== generation) return
`,
    replacement: '',
  },
  {
    breaks: 'older orders are lost when the history is requested again',
    file: 'web/orders/order-history.ts',
    text: 'if (page.before !== undefined || fetched.length === 0) next = answer.next',
    replacement: 'next = answer.next',
  },
  {
    breaks: 'the tenth order is older than the ninth',
    file: 'web/orders/order-life.ts',
    text: 'Number(b.orderId) - Number(a.orderId)',
    replacement: 'b.orderId.localeCompare(a.orderId)',
  },
  {
    breaks: 'an order keeps the time of its first replacement',
    file: 'web/orders/order-life.ts',
    text: 'life.findLast(',
    replacement: 'life.find(',
  },
  {
    breaks: 'a fill of the whole order has a rest of 0',
    file: 'web/account/life-steps.ts',
    text: 'one.leavesSize > 0 ?',
    replacement: 'one.leavesSize >= 0 ?',
  },
  {
    breaks: 'a market order that waits for the auction is held back',
    file: 'web/orders/order-phases.ts',
    text: ` || (timeInForce === 'IOC' && orderType !== 'market')`,
    replacement: ` || timeInForce === 'IOC'`,
  },
  {
    breaks: 'the ticket sends orders to a closed market',
    file: 'web/orders/order-phases.ts',
    text: `closed: 'refuse'`,
    replacement: `closed: 'call'`,
  },
  {
    breaks: 'shares that open orders offer are sold twice',
    file: 'web/orders/order-share.ts',
    text: '((held - offered) * percent) / 100',
    replacement: '(held * percent) / 100',
  },
  {
    breaks: 'a market order may cost more than the buying power',
    file: 'web/orders/order-share.ts',
    text: 'asks.filter(({ price }) => price <= collar)',
    replacement: 'asks',
  },
  {
    breaks: 'closing a position cancels both legs of a list, the second of which has ended then',
    file: 'web/orders/closing.ts',
    text: ' && isReserving(order)',
    replacement: '',
  },
  {
    breaks: 'the ledger joins pages between which entries are missing',
    file: 'web/orders/ledger/ledger.ts',
    text: 'entries.length > 0 && isContinued',
    replacement: 'entries.length > 0',
  },
  {
    breaks: 'a change of the cash while the ledger is requested is not requested',
    file: 'web/orders/ledger/ledger.ts',
    text: 'isOld = isLoading',
    replacement: 'isOld = false',
  },
  {
    breaks: 'a deposit whose answer was lost is made twice',
    file: 'web/orders/ledger/deposits.ts',
    text: 'openDeposits.get(key) ?? newId()',
    replacement: 'newId()',
  },
  {
    breaks: 'a whole fill reads as a part',
    file: 'web/orders/report-text.ts',
    text: 'cumSize < size ?',
    replacement: 'cumSize <= size ?',
  },
  {
    breaks: 'a late reject turns a filled order into a refused one',
    file: 'web/orders/submission.ts',
    text: `filled: stay('filled')`,
    replacement: `filled: { ...stay('filled'), refused: 'refused' }`,
  },
  {
    breaks: `a price that was typed is replaced by the market's`,
    file: 'web/orders/ticket-form.ts',
    text: `if (of !== symbol || priceFrom !== 'none' ||`,
    replacement: 'if (of !== symbol ||',
  },
  {
    breaks: 'the price of an instrument stays in the ticket of the next',
    file: 'web/orders/ticket-form.ts',
    text: 'state.set({ ...state.get(), ...NOTHING_TYPED })',
    replacement: 'state.set({ ...state.get() })',
  },
  {
    breaks: 'a refused order takes back what was typed since',
    file: 'web/orders/ticket-form.ts',
    text: 'lastSent !== undefined && state.get() === afterSent',
    replacement: 'lastSent !== undefined',
  },
  {
    breaks: 'an order that expires does so on the clock of the wall',
    file: 'web/orders/terms/expiry.ts',
    text: 'timeMs + minutes * MINUTE_MS',
    replacement: 'Date.now() + minutes * MINUTE_MS',
  },
  {
    breaks: 'the stop-loss of a bracket may be beyond its take-profit',
    file: 'web/orders/terms/exits.ts',
    text: 'if (sign * (profit - stopPrice) <= 0)',
    replacement: 'if (profit === stopPrice)',
  },
  {
    breaks: 'both legs of a bracket have one id',
    file: 'web/orders/terms/order-without-ids.ts',
    text: '}-loss`',
    replacement: '}-profit`',
  },
  {
    breaks: 'half a unit of the price becomes half a percent',
    file: 'web/orders/order-draft.ts',
    text: `trail: draft.trailUnit === before.trailUnit || part.trail !== undefined ? timed.trail : ''`,
    replacement: 'trail: timed.trail',
  },
]
