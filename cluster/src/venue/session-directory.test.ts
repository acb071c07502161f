// Sessions of all gateways: the latest logon counts, whichever leader gave out its number, and an account has ten.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SessionDirectory, type SharedSession } from './session-directory.ts'

function openDirectory(term = 1) {
  const takenOver: SharedSession[] = []
  const directory = new SessionDirectory(term, session => takenOver.push(session))
  const open = (gateway: string, sessionId: string, number?: number) =>
    directory.open({ type: 'open', gateway, accountId: 'ann', sessionId, ...(number !== undefined && { number }) })
  return { directory, open, takenOver }
}

const numberOf = (answer: ReturnType<SessionDirectory['open']>): number => {
  assert.ok(answer.type === 'opened')
  return answer.number
}

test('a logon takes the session over from another gateway, whose commands are not carried out any more', () => {
  const { directory, open, takenOver } = openDirectory()
  const older = numberOf(open('a', 'desk'))
  assert.equal(directory.isTakenOver('ann', { sessionId: 'desk', number: older }), false)
  const newer = numberOf(open('b', 'desk'))
  assert.ok(newer > older)
  assert.deepEqual(
    takenOver.map(({ gateway, number }) => [gateway, number]),
    [['a', older]],
  )
  assert.equal(directory.isTakenOver('ann', { sessionId: 'desk', number: older }), true)
  assert.equal(directory.isTakenOver('ann', { sessionId: 'desk', number: newer }), false)
  assert.equal(directory.isTakenOver('bob', { sessionId: 'desk', number: older }), false)
})

test('what a connection had sent is carried out when it has gone and nobody has taken the session over', () => {
  const { directory, open } = openDirectory()
  const number = numberOf(open('a', 'desk'))
  directory.close(number)
  assert.equal(directory.isTakenOver('ann', { sessionId: 'desk', number }), false)
})

test('an account has ten sessions at most over all gateways; one that ends makes room', () => {
  const { directory, open } = openDirectory()
  const numbers = Array.from({ length: 10 }, (_, n) => numberOf(open(n % 2 === 0 ? 'a' : 'b', `s${n}`)))
  assert.deepEqual(open('b', 's10'), { type: 'tooMany' })
  numberOf(open('b', 's3'))
  directory.close(numbers[5]!)
  numberOf(open('b', 's10'))
  assert.deepEqual(open('b', 's11'), { type: 'tooMany' })
})

test('the next leader has the sessions that gateways report, the latest logon of each in whatever order', () => {
  const before = openDirectory(1)
  const [older, newer] = [numberOf(before.open('a', 'desk')), numberOf(before.open('b', 'desk'))]
  for (const reports of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    const { directory, open, takenOver } = openDirectory(2)
    const answers = reports.map(gateway => open(gateway, 'desk', gateway === 'a' ? older : newer).type)
    const isInAnswer = reports[0] === 'b'
    assert.deepEqual(answers, isInAnswer ? ['opened', 'takenOver'] : ['opened', 'opened'])
    assert.equal(takenOver.length, isInAnswer ? 0 : 1)
    assert.equal(directory.isTakenOver('ann', { sessionId: 'desk', number: older }), true)
    assert.ok(numberOf(open('a', 'desk')) > newer, 'numbers of a later term are larger')
  }
})

test('a gateway that is lost takes its sessions with it, and no others', () => {
  const { directory, open } = openDirectory()
  open('a', 'desk')
  open('a', 'phone')
  open('b', 'tablet')
  assert.deepEqual(
    directory.closeAll('a').map(({ sessionId }) => sessionId),
    ['desk', 'phone'],
  )
  assert.deepEqual(
    ['desk', 'phone', 'tablet'].map(sessionId => directory.has('ann', sessionId)),
    [false, false, true],
  )
  assert.deepEqual(directory.closeAll('a'), [])
})

test('a logon that its gateway gave up holds no session, and its end takes no other', () => {
  const { directory } = openDirectory()
  const open = (gateway: string, sessionId: string, request: number) =>
    directory.open({ type: 'open', gateway, accountId: 'ann', sessionId, request })
  open('a', 'desk', 1)
  open('a', 'phone', 2)
  open('b', 'laptop', 1)
  directory.abandon('a', 1)
  assert.deepEqual(
    ['desk', 'phone', 'laptop'].map(sessionId => directory.has('ann', sessionId)),
    [false, true, true],
  )
  open('a', 'phone', 3)
  directory.abandon('a', 2)
  assert.equal(directory.has('ann', 'phone'), true, 'a later logon has it')
})
