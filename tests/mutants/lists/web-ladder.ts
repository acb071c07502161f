// Bugs of the ladder: what a row shows, which rows are shown, and what keys and drags send.

import type { Mutant } from '../mutant.ts'

export const WEB_LADDER: readonly Mutant[] = [
  {
    breaks: 'the spread is half of what it is',
    file: 'web/ladder/book-note.ts',
    text: '(spread * 2) / (ask + bid)',
    replacement: 'spread / (ask + bid)',
  },
  {
    breaks: 'a book with bids alone is said to have no bids',
    file: 'web/ladder/book-note.ts',
    text: `bid === undefined ? 'bids' : 'offers'`,
    replacement: `bid === undefined ? 'offers' : 'bids'`,
  },
  {
    breaks: 'a shortcut of the browser cancels orders',
    file: 'web/ladder/ladder-keys.ts',
    text: `if (ctrlKey || metaKey) return undefined
`,
    replacement: '',
  },
  {
    breaks: 'orders are moved against the arrow',
    file: 'web/ladder/ladder-keys.ts',
    text: `ArrowUp: { type: 'step', rows: 1 }`,
    replacement: `ArrowUp: { type: 'step', rows: -1 }`,
  },
  {
    breaks: 'the focus leaves the ladder at its last column',
    file: 'web/ladder/ladder-keys.ts',
    text: 'Math.max(0, Math.min(COLUMNS.length - 1, at))',
    replacement: 'at',
  },
  {
    breaks: 'any stored number groups the prices',
    file: 'web/ladder/ladder-options.ts',
    text: 'GROUP_TICKS.find(one => one === groupTicks) ?? 1',
    replacement: 'groupTicks ?? 1',
  },
  {
    breaks: 'an untriggered stop is shown in the book',
    file: 'web/ladder/ladder-rows.ts',
    text: '(stopPrice === undefined || triggered === true)',
    replacement: '(stopPrice === undefined || triggered !== true)',
  },
  {
    breaks: 'the totals of offers count from the worst',
    file: 'web/ladder/ladder-rows.ts',
    text: 'one => one <= group',
    replacement: 'one => one >= group',
  },
  {
    breaks: 'in groups of ticks, buys count at a price better than they had',
    file: 'web/ladder/ladder-rows.ts',
    text: `add('sell', price, bought)`,
    replacement: `add('buy', price, bought)`,
  },
  {
    breaks: 'a key in the column of bids moves the own sales',
    file: 'web/ladder/ladder-rows.ts',
    text: `column !== 'bid' && row.ownSell > 0`,
    replacement: 'row.ownSell > 0',
  },
  {
    breaks: 'the rows move under the pointer',
    file: 'web/ladder/ladder-view.ts',
    text: 'view.isScrolled || isHeld ? view',
    replacement: 'view.isScrolled ? view',
  },
  {
    breaks: 'the rows follow the market away from where a person has scrolled',
    file: 'web/ladder/ladder-view.ts',
    text: 'view.isScrolled || isHeld ? view',
    replacement: 'isHeld ? view',
  },
  {
    breaks: 'prices of zero and below have rows',
    file: 'web/ladder/ladder-view.ts',
    text: 'return Math.max(count, centre + half(count))',
    replacement: 'return centre + half(count)',
  },
  {
    breaks: 'rows of another instrument stay where the last one was',
    file: 'web/ladder/ladder-view.ts',
    text: 'if (view.of !== of) return { of, centre: touch?.middle, isScrolled: false }',
    replacement: 'if (view.of !== of) return { ...view, of }',
  },
  {
    breaks: 'a best price goes out of view when the spread is wide',
    file: 'web/ladder/ladder-view.ts',
    text: '(count - touch.spread - 1) / 2',
    replacement: 'count / 2',
  },
  {
    breaks: 'an order at the best offer is not said to trade at once',
    file: 'web/ladder/own-move.ts',
    text: 'price >= best.price',
    replacement: 'price > best.price',
  },
  {
    breaks: 'one order of a row is moved though the other cannot be',
    file: 'web/ladder/own-move.ts',
    text: 'return { changes: [], problem: checked.problem }',
    replacement: 'continue',
  },
]
