// The checker accepts a history that keeps the promises, and finds each way to break one.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HistoryEntry } from './history.ts'
import { checkHistory } from './history-checker.ts'

const account = 'ann'
const read = { type: 'read', at: 0, reader: 'r', mode: 'raw', via: 'sse', gateway: 1, epoch: 'k3f9' } as const
const invoke = { type: 'invoke', account, via: 'channel', gateway: 1 } as const
const fill = { tradeId: 9, symbol: 'VELTR', side: 'buy', size: 2, price: 10.5, fee: 0.01 } as const

/** Buys 2, places an order that rests, replaces it, cancels it, and has a cancel refused. */
const WHOLE = {
  account: { type: 'account', account, cash: 100 },
  snapshot: { type: 'private', at: 0, account, event: 'account.snapshot', seq: 0 },
  buy: { ...invoke, at: 10, command: 1, kind: 'place', clientOrderId: 'o1' },
  buySeen: { type: 'private', at: 11, account, event: 'execution', seq: 1, execType: 'fill', clientOrderId: 'o1' },
  buyAnswer: { type: 'ok', at: 11, account, command: 1, result: { seq: 1, execType: 'fill', orderId: '1' } },
  rest: { ...invoke, at: 20, command: 2, kind: 'place', clientOrderId: 'o2', via: 'rest' },
  restUnknown: { type: 'unknown', at: 21, account, command: 2 },
  restSeen: { type: 'private', at: 22, account, event: 'execution', seq: 2, execType: 'new', clientOrderId: 'o2' },
  restAnswer: { type: 'ok', at: 23, account, command: 2, result: { seq: 2, execType: 'new', orderId: '2' } },
  replace: { ...invoke, at: 30, command: 3, kind: 'replace', clientOrderId: 'o3', origClientOrderId: 'o2' },
  replaceSeen: {
    type: 'private',
    at: 31,
    account,
    event: 'execution',
    seq: 3,
    execType: 'replaced',
    clientOrderId: 'o3',
  },
  replaceAnswer: { type: 'ok', at: 31, account, command: 3, result: { seq: 3, execType: 'replaced', orderId: '2' } },
  queueSeen: { type: 'private', at: 32, account, event: 'queue', seq: 4 },
  cancel: { ...invoke, at: 40, command: 4, kind: 'cancel', clientOrderId: 'o2' },
  cancelSeen: {
    type: 'private',
    at: 41,
    account,
    event: 'execution',
    seq: 5,
    execType: 'canceled',
    clientOrderId: 'o3',
  },
  cancelAnswer: { type: 'ok', at: 41, account, command: 4, result: { seq: 5, execType: 'canceled', orderId: '2' } },
  secondCancel: { ...invoke, at: 50, command: 5, kind: 'cancel', clientOrderId: 'o3' },
  secondAnswer: { type: 'ok', at: 51, account, command: 5, result: { refused: 'unknown-order' } },
  bad: { ...invoke, at: 60, command: 6, kind: 'place', clientOrderId: 'o4', via: 'rest' },
  badSeen: { type: 'private', at: 61, account, event: 'execution', seq: 6, execType: 'rejected', clientOrderId: 'o4' },
  badAnswer: { type: 'ok', at: 61, account, command: 6, result: { refused: 'off-tick' } },
  read1: { ...read, from: 5, to: 8 },
  read2: { ...read, via: 'socket', from: 9, to: 9 },
  conflated1: { ...read, reader: 'c', mode: 'conflated', from: 5, to: 8 },
  conflated2: { ...read, reader: 'c', mode: 'conflated', from: 8, to: 30 },
  closing: { type: 'closing', account, seq: 6, cash: 78.99, shares: { VELTR: 2 } },
  buyLogged: { type: 'logged', account, seq: 1, execType: 'fill', orderId: '1', clientOrderId: 'o1', fill },
  restLogged: { type: 'logged', account, seq: 2, execType: 'new', orderId: '2', clientOrderId: 'o2' },
  replaceLogged: { type: 'logged', account, seq: 3, execType: 'replaced', orderId: '2', clientOrderId: 'o3' },
  cancelLogged: { type: 'logged', account, seq: 5, execType: 'canceled', orderId: '2', clientOrderId: 'o3' },
  badLogged: {
    type: 'logged',
    account,
    seq: 6,
    execType: 'rejected',
    orderId: '3',
    clientOrderId: 'o4',
    code: 'off-tick',
  },
  trade: { type: 'trade', tradeId: 9, price: 10.5, size: 2 },
} as const satisfies Readonly<Record<string, HistoryEntry>>

type Part = keyof typeof WHOLE

/** The whole history with some lines changed, left out (undefined), or more of them at the end. */
function historyWith(
  changes: { readonly [Name in Part]?: object | undefined },
  more: readonly object[] = [],
): HistoryEntry[] {
  const parts = Object.entries(WHOLE).flatMap(([name, line]) => {
    if (!(name in changes)) return [line]
    const change = changes[name as Part]
    return change === undefined ? [] : [{ ...line, ...change }]
  })
  return [...parts, ...more] as HistoryEntry[]
}

/** Private events that no logged execution is of. */
const more = (fields: object) => ({ ...WHOLE.restLogged, seq: 7, ...fields })

const BROKEN: Readonly<Record<string, readonly [history: HistoryEntry[], found: RegExp]>> = {
  'an order that was acknowledged and is not in the log': [
    historyWith({ buyLogged: undefined }),
    /place o1 of ann: lost, the log has no event 1/,
  ],
  'an order without an answer': [historyWith({ restAnswer: undefined }), /place o2 of ann: no terminal answers/],
  'an order that was carried out twice': [
    historyWith({}, [more({ orderId: '4' })]),
    /place o2 of ann: carried out 2 times/,
  ],
  'a replacement that was carried out twice': [
    historyWith({}, [more({ execType: 'replaced', clientOrderId: 'o3' })]),
    /replace o3 of ann: carried out 2 times/,
  ],
  'two terminal answers': [historyWith({}, [{ ...WHOLE.badAnswer, at: 62 }]), /place o4 of ann: 2 terminal answers/],
  'an answer with another event than the log has': [
    historyWith({ restAnswer: { result: { seq: 2, execType: 'expired', orderId: '2' } } }),
    /place o2 of ann: answered .*expired.*, and the log has new of 2/,
  ],
  'an answer with the event of another order': [
    historyWith({ restAnswer: { result: { seq: 1, execType: 'fill', orderId: '1' } } }),
    /place o2 of ann: answered .*, and the log has fill of 1/,
  ],
  'a refusal of what was carried out': [
    historyWith({ replaceAnswer: { result: { refused: 'unknown-order' } } }),
    /replace o3 of ann: refused with unknown-order, and the log has replaced/,
  ],
  'a reject with another code than the log has': [
    historyWith({ badAnswer: { result: { refused: 'halted' } } }),
    /place o4 of ann: refused with halted, and the log has rejected/,
  ],
  'an order that was canceled for two who asked': [
    historyWith({ secondAnswer: { result: { seq: 5, execType: 'canceled', orderId: '2' } } }),
    /order 2 of ann: canceled 2 times/,
  ],
  'an order that nobody sent': [
    historyWith({ bad: undefined, badAnswer: undefined }),
    /order o4 of ann: nobody sent it/,
  ],
  'an order that is seen before it was sent': [
    historyWith({ buySeen: { at: 9 } }),
    /order o1 of ann: seen before it was sent/,
  ],
  'an order that was sent after an answer and stands before it': [
    historyWith({ rest: { at: 42 }, restSeen: { at: 43 }, restAnswer: { at: 44 } }),
    /place o2 of ann: event 2, though 5 was known when it was sent/,
  ],
  'a fill that the private stream lacks': [
    historyWith({ buySeen: { event: 'queue', execType: undefined, clientOrderId: undefined } }),
    /ann: the private stream lacks fill 1 of o1/,
  ],
  'a private event that is missing': [historyWith({ queueSeen: undefined }), /ann: private event 5 in the place of 4/],
  'a private event that came twice': [historyWith({ queueSeen: { seq: 3 } }), /ann: private event 3 in the place of 4/],
  'a private stream that was not resumed': [
    historyWith({}, [{ ...WHOLE.snapshot, at: 70, seq: 6 }]),
    /ann: 2 snapshots of the private stream/,
  ],
  'cash that no fill took': [historyWith({ closing: { cash: 79 } }), /ann: cash 79, the fills make it 78.99/],
  'shares that no fill gave': [
    historyWith({ closing: { shares: { VELTR: 2, QUSOL: 1 } } }),
    /ann: 1 shares of QUSOL, the fills make it 0/,
  ],
  'an account whose end is not known': [historyWith({ closing: undefined }), /ann: no closing balance/],
  'a fill at another price than the trade': [historyWith({ trade: { price: 10.4 } }), /trade 9: ann has a buy of 2/],
  'more shares than were traded': [historyWith({ trade: { size: 1 } }), /trade 9: ann has a buy of 2/],
  'a fill without a trade': [historyWith({ trade: undefined }), /trade 9: ann has a buy of 2/],
  'a read that goes back': [historyWith({ read2: { from: 8 } }), /r over socket: goes back from 8 to 8/],
  'a read that misses an event': [
    historyWith({ read2: { from: 10 } }),
    /r over socket: misses what is between 8 and 10/,
  ],
  'a conflated read that goes back': [historyWith({ conflated2: { from: 7 } }), /c over sse: goes back from 8 to 7/],
  'a second epoch': [historyWith({ read2: { epoch: 'p7d2' } }), /epochs k3f9 and p7d2/],
}

describe('the checker of a history', () => {
  it('accepts one that keeps the promises', () => assert.deepEqual(checkHistory(historyWith({})), []))
  for (const [what, [history, expected]] of Object.entries(BROKEN)) {
    it(`finds ${what}`, () => assert.match(checkHistory(history).join('\n'), expected))
  }
})
