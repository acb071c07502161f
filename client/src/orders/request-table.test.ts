// The request table: each command settles exactly once (C5), with repeated, lost and late answers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { holdsAsync } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { TestEnvironment } from '../testing/bad-server.ts'
import {
  type ChannelCommand,
  ChannelError,
  type CommandProgress,
  type LossPolicy,
  RequestTable,
  sentIdOf,
} from './request-table.ts'

function createTable(unsentMax = 100) {
  const clock = new TestEnvironment()
  let late = 0
  const table = new RequestTable(clock, () => late++)
  const progress: string[] = []
  const outcomes: string[][] = []
  const ask = (ifLost: LossPolicy, command: ChannelCommand = { type: ifLost }) => {
    const onProgress = ({ status, sends, reason }: CommandProgress) =>
      progress.push([status, sends, reason?.code].join(' '))
    const { pending, answer } = table.add<{ type: string }>(
      { command, ifLost, timeoutMs: 1_000, onProgress },
      unsentMax,
    )
    const outcome: string[] = []
    outcomes.push(outcome)
    answer.then(
      ({ type }) => outcome.push(type),
      (error: unknown) => outcome.push(error instanceof ChannelError ? error.code : String(error)),
    )
    return pending
  }
  return { clock, table, ask, outcomes, progress, late: () => late }
}
const turn = () => new Promise(setImmediate)

test('a lost connection settles commands in flight by their loss policy, and keeps the others', async () => {
  const { table, ask, outcomes, clock } = createTable()
  for (const sent of [true, false]) {
    for (const ifLost of ['resend', 'unknown', 'fail'] as const) {
      const pending = ask(ifLost)
      if (sent) table.markSent(pending)
    }
  }
  table.connectionLost()
  await turn()
  assert.deepEqual(outcomes, [[], ['unknown'], ['connection-lost'], [], [], []])
  assert.deepEqual(
    table.unsent.map(({ requestId }) => requestId),
    [1, 4, 5, 6],
  )
  table.close(new ChannelError('closed', ''))
  await turn()
  assert.deepEqual(outcomes.flat(), ['unknown', 'unknown', 'connection-lost', 'closed', 'closed', 'closed'])
  assert.equal(clock.timers, 0)
})

test('a closed channel resolves as unknown what was sent, and rejects what was not', async () => {
  const { table, ask, outcomes } = createTable()
  for (const ifLost of ['resend', 'unknown', 'fail'] as const) table.markSent(ask(ifLost))
  ask('resend')
  table.close(new ChannelError('closed', ''))
  await turn()
  assert.deepEqual(outcomes, [['unknown'], ['unknown'], ['closed'], ['closed']])
})

test('ignores answers to unknown commands and second answers', async () => {
  const { table, ask, outcomes } = createTable()
  const { requestId } = ask('fail')
  for (const id of ['1', undefined, null, 99, requestId, requestId]) table.answer(id, { type: `answer ${String(id)}` })
  await turn()
  assert.deepEqual(outcomes, [['answer 1']])
})

test('repeats a command that found the feed full after its time, and holds up no other', () => {
  const { table, ask, clock } = createTable()
  const pending = ask('resend')
  table.markSent(pending)
  const busy = { type: 'error', code: 'busy', text: 'all streams are taken', retryMs: 5_000 }
  assert.deepEqual(table.answer(1, busy), { refusedForMs: undefined })
  assert.deepEqual([table.unsent, pending.notBeforeMs - clock.nowMs()], [[pending], 5_000])
})

test('repeats a command whose answer is late, lost or a refusal for the rate', async () => {
  const { table, ask, outcomes, clock, progress, late } = createTable()
  const pending = ask('resend')
  table.markSent(pending)
  clock.advance(1_000)
  assert.deepEqual([table.unsent, table.unresolved, late()], [[pending], 1, 1])
  table.markSent(pending)
  table.connectionLost()
  table.markSent(pending)
  const limited = { type: 'error', code: 'rate-limited', text: 'slower', retryMs: 40 }
  assert.deepEqual(table.answer(1, limited), { refusedForMs: 40 })
  // A second copy of the answer does not concern the command that was sent after it.
  table.markSent(pending)
  table.connectionLost()
  assert.equal(table.answer(1, limited), undefined)
  assert.equal(table.answer(1, { type: 'execution' }), undefined)
  await turn()
  assert.deepEqual(outcomes, [['execution']])
  assert.deepEqual(progress, [
    'sent 1 ',
    'unknown 1 late',
    'unknown 2 ',
    'unknown 2 connection-lost',
    'unknown 3 ',
    'unknown 3 rate-limited',
    'unknown 4 ',
    'unknown 4 connection-lost',
  ])
  assert.deepEqual([clock.timers, table.unresolved], [0, 0])
})

test('a refusal is not final while the command is on its way once more: the order may have been placed by then', async () => {
  const { table, ask, outcomes, clock } = createTable()
  const refusal = { type: 'cancel.reject' }
  const sendTwice = () => {
    const pending = ask('resend', { type: 'order.replace' })
    table.markSent(pending)
    const first = sentIdOf(pending)
    clock.advance(1_000)
    table.markSent(pending)
    return [pending, first, sentIdOf(pending)] as const
  }
  const [, first, second] = sendTwice()
  table.answer(first, refusal)
  table.answer(second, { type: 'execution' })
  const [, earlier, later] = sendTwice()
  table.answer(earlier, refusal)
  await turn()
  assert.deepEqual(outcomes, [['execution'], []])
  table.answer(later, refusal)
  const [resent] = sendTwice()
  table.connectionLost()
  table.markSent(resent)
  table.answer(sentIdOf(resent), refusal)
  await turn()
  assert.deepEqual(outcomes, [['execution'], ['cancel.reject'], ['cancel.reject']])
  assert.equal(clock.timers, 0)
})

test('a command refused for the rate may time out; one after an internal error stays unknown', async () => {
  const { table, ask, outcomes, clock } = createTable()
  for (const [ifLost, code] of [
    ['resend', 'rate-limited'],
    ['unknown', 'busy'],
    ['fail', 'closing'],
    // Of a room: what it refuses is final, also for the rate.
    ['fail', 'room-rate'],
    ['fail', 'muted'],
    ['resend', 'internal'],
    ['unknown', 'internal'],
    ['resend', 'bad-request'],
  ] as const) {
    const pending = ask(ifLost)
    table.markSent(pending)
    table.answer(pending.requestId, { type: 'error', code, text: '' } as { type: string })
  }
  assert.deepEqual([table.unsent.length, table.unresolved], [4, 1])
  clock.advance(1_000)
  await turn()
  assert.deepEqual(outcomes, [['timeout'], ['timeout'], ['timeout'], ['error'], ['error'], [], ['error'], ['error']])
})

test('finds a lost answer among private events, and ignores events of other commands', async () => {
  const { table, ask, outcomes } = createTable()
  const commands: ChannelCommand[] = [
    { type: 'order.place', clientOrderId: 'a' },
    { type: 'order.replace', clientOrderId: 'c', origClientOrderId: 'b' },
    { type: 'order.cancel', origClientOrderId: 'd' },
    { type: 'order.place', clientOrderId: 'e' },
  ]
  for (const [i, command] of commands.entries()) {
    const pending = ask('resend', command)
    if (i < 3) table.markSent(pending)
  }
  const see = (execType: string, clientOrderId: string, orderId = `order of ${clientOrderId}`) =>
    table.receiveExecution(executionOf(execType, clientOrderId, orderId))
  for (const one of ['a', 'b', 'c', 'd', 'e']) see('new', one)
  table.connectionLost()
  for (const one of ['b', 'c', 'd', 'e']) see('fill', one)
  see('replaced', 'b')
  see('canceled', 'c')
  await turn()
  assert.deepEqual(outcomes.flat(), [])
  see('rejected', 'a')
  see('replaced', 'c')
  see('canceled', 'd')
  await turn()
  assert.deepEqual(outcomes, [['execution'], ['execution'], ['execution'], []])
})

test('finds the lost answer to a cancel that named an order as it was before a replacement', async () => {
  const { table, ask, outcomes } = createTable()
  const see = (execType: string, clientOrderId: string, orderId: string) =>
    table.receiveExecution(executionOf(execType, clientOrderId, orderId))
  table.names.learn({ orderId: '1', clientOrderId: 'a' })
  see('replaced', 'b', '1')
  table.markSent(ask('resend', { type: 'order.cancel', origClientOrderId: 'a' }))
  table.connectionLost()
  see('canceled', 'other', '2')
  await turn()
  assert.deepEqual(outcomes, [[]])
  see('canceled', 'b', '1')
  await turn()
  assert.deepEqual(
    [outcomes, table.names.orderIdOf('a'), table.names.orderIdOf('b')],
    [[['execution']], undefined, undefined],
  )
})

test('of two cancels of an order one is answered by its execution', async () => {
  const { table, ask, outcomes } = createTable()
  table.names.learn({ orderId: '1', clientOrderId: 'a' })
  const cancels = [1, 2, 3].map(() => ask('resend', { type: 'order.cancel', origClientOrderId: 'a' }))
  for (const cancel of cancels) table.markSent(cancel)
  table.connectionLost()
  // The answer to a command that was sent anew is no lost answer to another.
  table.receiveExecution({ ...executionOf('canceled', 'a', '1'), requestId: 4 })
  await turn()
  assert.deepEqual(outcomes, [[], [], []])
  table.names.learn({ orderId: '1', clientOrderId: 'a' })
  table.receiveExecution(executionOf('canceled', 'a', '1'))
  await turn()
  assert.deepEqual(outcomes, [['execution'], [], []])
})

test('another market rejects all commands, sent and not sent', async () => {
  const { table, ask, outcomes, clock } = createTable()
  for (const ifLost of ['resend', 'unknown', 'fail'] as const) ask(ifLost)
  table.markSent(ask('resend'))
  table.connectionLost()
  table.replaceMarket()
  await turn()
  assert.deepEqual(outcomes.flat(), Array(4).fill('market-replaced'))
  assert.deepEqual([table.unsent.length, clock.timers], [0, 0])
})

function executionOf(execType: string, clientOrderId: string, orderId: string): Execution {
  const orderStatus = execType === 'canceled' || execType === 'rejected' ? execType : 'new'
  return { type: 'execution', execType, orderStatus, clientOrderId, orderId } as unknown as Execution
}

const anyMove = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), ifLost: fc.constantFrom<LossPolicy>('resend', 'unknown', 'fail') }),
  fc.record({ do: fc.constantFrom('send', 'answer'), requestId: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ do: fc.constantFrom('lose', 'pass', 'replaceMarket') }),
  fc.record({
    do: fc.constant('refuse' as const),
    requestId: fc.integer({ min: 1, max: 12 }),
    code: fc.constantFrom('rate-limited', 'internal'),
  }),
)

test('C5 holds over every sequence: each command settles once, and none stays pending', async () => {
  await holdsAsync(
    import.meta.filename,
    fc.asyncProperty(fc.array(anyMove, { maxLength: 60 }), async moves => {
      const { table, ask, outcomes, clock } = createTable()
      for (const move of moves) {
        if (move.do === 'ask') ask(move.ifLost)
        else if (move.do === 'lose') table.connectionLost()
        else if (move.do === 'pass') clock.advance(300)
        else if (move.do === 'replaceMarket') table.replaceMarket()
        else if (move.do === 'refuse')
          table.answer(move.requestId, { type: 'error', code: move.code } as { type: string })
        else if (move.do === 'answer') table.answer(move.requestId, { type: 'answer' })
        else if (move.do === 'send') {
          for (const pending of table.unsent) if (pending.requestId === move.requestId) table.markSent(pending)
        }
      }
      table.close(new ChannelError('closed', ''))
      await turn()
      assert.ok(outcomes.every(({ length }) => length === 1))
      assert.deepEqual([table.unsent.length, clock.timers], [0, 0])
    }),
  )
})
