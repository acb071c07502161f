// Bugs of what server, client and page share: encoding, checks and views.

import type { Mutant } from '../mutant.ts'

export const PROTOCOL: readonly Mutant[] = [
  {
    breaks: 'a text of several lines is cut after its first line',
    file: 'protocol/src/sse.ts',
    text: 'of frame.data.split(LINE_END)) text',
    replacement: 'of frame.data.split(LINE_END).slice(0, 1)) text',
  },
  {
    breaks: 'an event is dispatched before its data when a stream is cut within CRLF',
    file: 'protocol/src/sse.ts',
    text: 'if (code === 10 && afterCr) {',
    replacement: 'if (code === 10 && afterCr && i > 0) {',
  },
  {
    breaks: 'a position without a number is accepted',
    file: 'protocol/src/position.ts',
    text: `'^[0-9a-z]{4,12}-[0-9]{1,16}$'`,
    replacement: `'^[0-9a-z]{4,12}-[0-9]{0,16}$'`,
  },
  {
    breaks: 'a book change is applied although the one before it was missed',
    file: 'protocol/src/views/book-view.ts',
    text: `if (book.prevSeq > this.#seq) return 'gap'`,
    replacement: `if (book.prevSeq >= book.seq) return 'gap'`,
  },
  {
    breaks: 'a level that was removed stays in the book',
    file: 'protocol/src/views/book-view.ts',
    text: 'if (found) levels.splice(at, 1)',
    replacement: 'if (found) levels[at] = [price, size]',
  },
  {
    breaks: 'a market order without a time in force stays in the book',
    file: 'protocol/src/constants/orders.ts',
    text: `orderType === 'market' ? 'IOC' : 'GTC'`,
    replacement: `'GTC'`,
  },
  {
    breaks: 'a client with an invalid token reconnects for ever',
    file: 'protocol/src/codes/close-codes.ts',
    text: `'not logged on, or invalid token', retry: 'never'`,
    replacement: `'not logged on, or invalid token', retry: 'retry'`,
  },
  {
    breaks: 'an order is replaced by one of size 0',
    file: 'protocol/src/schemas/orders.ts',
    text: `safeInteger('New size, what is filled included', 1)`,
    replacement: `safeInteger('New size, what is filled included', 0)`,
  },
  {
    breaks: 'the low of a bar never falls',
    file: 'protocol/src/views/bar-builder.ts',
    text: 'low: Math.min(open.low, price),',
    replacement: 'low: open.low,',
  },
  {
    breaks: 'the change of the day is against the close two days ago',
    file: 'protocol/src/views/ticker.ts',
    text: 'const previousClose = this.lastTrade?.price ?? this.#day.previousClose',
    replacement: 'const { previousClose } = this.#day',
  },
]
