// The request table: each command settles exactly once (C5), whatever is answered twice, lost, or too late.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChannelError, type IfLost, RequestTable } from './request-table.ts'
import { TestClock } from './testing/bad-server.ts'

function createTable(unsentMax = 100) {
  const clock = new TestClock()
  const table = new RequestTable(clock, unsentMax)
  const outcomes: string[][] = []
  const ask = (ifLost: IfLost, timeoutMs = 1_000) => {
    const { pending, answer } = table.add<{ type: string }>({ type: ifLost }, ifLost, timeoutMs)
    const outcome: string[] = []
    outcomes.push(outcome)
    answer.then(
      ({ type }) => outcome.push(type),
      (error: unknown) => outcome.push(error instanceof ChannelError ? error.code : String(error)),
    )
    return pending
  }
  return { clock, table, ask, outcomes }
}
const turn = () => new Promise(setImmediate)

test('a lost connection tells what had been sent, each kind its way, and leaves the rest waiting', async () => {
  const { table, ask, outcomes, clock } = createTable()
  for (const sent of [true, false]) {
    for (const ifLost of ['resend', 'unknown', 'fail'] as const) ask(ifLost).sent = sent
  }
  table.lost()
  await turn()
  assert.deepEqual(outcomes, [[], ['unknown'], ['connection-lost'], [], [], []])
  assert.deepEqual(
    table.unsent.map(({ requestId }) => requestId),
    [1, 4, 5, 6],
  )
  table.close(new ChannelError('closed', ''))
  await turn()
  assert.deepEqual(outcomes.flat(), ['closed', 'unknown', 'connection-lost', 'closed', 'closed', 'closed'])
  assert.equal(clock.timers, 0)
})

test('an answer to nothing of ours, or a second one, settles nothing', async () => {
  const { table, ask, outcomes } = createTable()
  const { requestId } = ask('fail')
  for (const id of ['1', undefined, null, 99, requestId, requestId]) table.answer(id, { type: `answer ${String(id)}` })
  await turn()
  assert.deepEqual(outcomes, [['answer 1']])
})

const anyMove = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), ifLost: fc.constantFrom<IfLost>('resend', 'unknown', 'fail') }),
  fc.record({ do: fc.constantFrom('send', 'answer'), requestId: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ do: fc.constantFrom('lose', 'pass') }),
)

test('C5: over every sequence each command settles once, and none stays behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyMove, { maxLength: 60 }), async moves => {
      const { table, ask, outcomes, clock } = createTable()
      for (const move of moves) {
        if (move.do === 'ask') ask(move.ifLost)
        else if (move.do === 'lose') table.lost()
        else if (move.do === 'pass') clock.advance(300)
        else if (move.do === 'answer') table.answer(move.requestId, { type: 'answer' })
        else if (move.do === 'send') {
          for (const pending of table.unsent) if (pending.requestId === move.requestId) pending.sent = true
        }
      }
      table.close(new ChannelError('closed', ''))
      await turn()
      assert.ok(outcomes.every(({ length }) => length === 1))
      assert.deepEqual([table.unsent.length, clock.timers], [0, 0])
    }),
  )
})
