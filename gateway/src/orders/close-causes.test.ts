// Each cause of a close has a code that protocol's table explains and a reason that fits into a close frame.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLOSE_CODES } from '@papertape/protocol'
import { type CloseCause, causeOfLogonReject, closeSocket } from './close-causes.ts'

function closeOf(cause: CloseCause): [code: number, reason: string] {
  const closes: [number, string][] = []
  closeSocket({ close: (code, reason) => void closes.push([code, reason]) }, cause)
  return closes[0]!
}

for (const [cause, code] of [
  ['logout', 1000],
  ['shutdown', 1001],
  ['binaryFrame', 1003],
  ['internalError', 1011],
  ['logUnreadable', 1011],
  ['malformedMessages', 4400],
  ['logonOverdue', 4401],
  ['notLoggedOn', 4401],
  ['badToken', 4401],
  ['lagging', 4408],
  ['takenOver', 4409],
  ['tooManySessions', 4429],
  ['tooManyMessages', 4429],
] as const) {
  test(`${cause} closes with ${code}`, () => {
    const [given, reason] = closeOf(cause)
    assert.equal(given, code)
    assert.ok(code in CLOSE_CODES)
    // RFC 6455 section 5.5: a control frame has 125 bytes at most, two of them the code.
    assert.ok(reason.length > 0 && Buffer.byteLength(reason) <= 123, reason)
  })
}

test('a refused logon closes the connection unless it may be tried again on it', () => {
  assert.equal(causeOfLogonReject('bad-token'), 'badToken')
  assert.equal(causeOfLogonReject('not-logged-on'), 'notLoggedOn')
  assert.equal(causeOfLogonReject('too-many-sessions'), 'tooManySessions')
  assert.equal(causeOfLogonReject('bad-request'), undefined)
})
