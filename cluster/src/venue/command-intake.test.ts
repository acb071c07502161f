// Commands of gateways: each once and in order, whatever core NATS loses, repeats or reorders.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { SentCommands } from '../gateway/sent-commands.ts'
import type { SentCommand } from '../log/wire.ts'
import { CommandIntake } from './command-intake.ts'

const command = (n: number): Command => ({ type: 'pace.set', pace: `${n}x` })
const paceOf = (sent: Command) => (sent as { pace: string }).pace

function openIntake(isTakenOver = false) {
  const submitted: string[] = []
  const ids: number[] = []
  const asked: [string, number][] = []
  const dropped: number[] = []
  const intake = new CommandIntake({
    submit(commandId, sent) {
      ids.push(commandId)
      submitted.push(paceOf(sent))
    },
    isTakenOver: () => isTakenOver,
    drop: (_gateway, number) => dropped.push(number),
    askAgain: (gateway, from) => asked.push([gateway, from]),
  })
  return { intake, submitted, ids, asked, dropped }
}

test('a command that is sent again is carried out once; its answer is for the gateway that sent it', () => {
  const { intake, submitted, ids } = openIntake()
  const [one, two] = [new SentCommands('a'), new SentCommands('b')]
  const sent = one.add(7, command(1), undefined)
  for (const message of [sent, sent, two.add(7, command(2), undefined), sent]) intake.receive(message)
  assert.deepEqual(submitted, ['1x', '2x'])
  assert.deepEqual(
    ids.map(id => intake.take(id)?.origin),
    [
      { gateway: 'a', number: 0 },
      { gateway: 'b', number: 0 },
    ],
  )
  assert.equal(intake.take(ids[0]!), undefined)
})

test('a command after one that was lost waits for it: the gateway is asked for both', () => {
  const { intake, submitted, asked } = openIntake()
  const sent = new SentCommands('a')
  sent.add(1, command(1), undefined)
  intake.receive(sent.add(2, command(2), undefined))
  assert.deepEqual([submitted, asked], [[], [['a', 0]]])
  for (const message of sent.from(asked[0]![1])) intake.receive(message)
  assert.deepEqual(submitted, ['1x', '2x'])
})

test('the next leader begins with the first command that has no answer', () => {
  const sent = new SentCommands('a')
  for (const n of [1, 2, 3]) sent.add(n, command(n), undefined)
  assert.equal(sent.take(0), 1)
  assert.equal(sent.take(0), undefined, 'answered before')
  const { intake, submitted } = openIntake()
  for (const message of sent.from(0)) intake.receive(message)
  assert.deepEqual(submitted, ['2x', '3x'])
})

test('a command of a session that was taken over is not carried out, and holds up no other', () => {
  const { intake, submitted, dropped } = openIntake(true)
  const sent = new SentCommands('a')
  intake.receive(sent.add(1, command(1), { sessionId: 'desk', number: 5 }))
  intake.receive(sent.add(2, command(2), undefined))
  assert.deepEqual([submitted, dropped], [['2x'], [0]])
})

test('every command is carried out once and in order, however messages are lost, repeated and reordered', () => {
  const anyMove = fc.oneof(
    fc.record({ do: fc.constant('send' as const) }),
    fc.record({ do: fc.constantFrom('deliver' as const, 'lose' as const, 'repeat' as const), index: fc.nat(9) }),
    fc.record({ do: fc.constant('resend' as const) }),
    fc.record({ do: fc.constant('answer' as const) }),
  )
  const property = fc.property(fc.array(anyMove, { maxLength: 60 }), moves => {
    const { intake, submitted, asked } = openIntake()
    const sent = new SentCommands('a')
    const under: SentCommand[] = []
    let count = 0
    let answered = 0
    for (const move of moves) {
      if (move.do === 'send') under.push(sent.add(count, command(count++), undefined))
      else if (move.do === 'resend') under.push(...sent.from(0))
      else if (move.do === 'answer') {
        if (answered < submitted.length) sent.take(answered++)
      } else {
        const at = move.index % Math.max(1, under.length)
        const message = under[at]
        if (message === undefined) continue
        if (move.do !== 'repeat') under.splice(at, 1)
        if (move.do !== 'lose') intake.receive(message)
      }
    }
    for (const message of sent.from(0)) intake.receive(message)
    assert.deepEqual(
      submitted,
      Array.from({ length: count }, (_, n) => `${n}x`),
    )
    assert.ok(asked.every(([, from]) => from <= count))
  })
  holds(import.meta.filename, property, 300)
})
