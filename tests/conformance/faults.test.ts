// The proof that the suite can find something: against a server that breaks each requirement on purpose, the check of
// that requirement fails. A requirement that no fault breaks is refused.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connectTcp, REQUIREMENTS, runSuite } from '@papertape/conformance'
import { type RunningServer, startServer } from '../support/server.ts'
import { BINARY_FAULTS } from './faults/binary-faults.ts'
import { faultyTarget } from './faults/faulty-target.ts'
import { FEED_FAULTS } from './faults/feed-faults.ts'
import { PLAIN_HTTP_FAULTS } from './faults/http-faults.ts'
import { ORDER_FAULTS } from './faults/order-faults.ts'
import { ORDER_KIND_FAULTS } from './faults/order-kind-faults.ts'
import { ROOM_FAULTS } from './faults/room-faults.ts'
import { SCRIPT_FAULTS } from './faults/script-faults.ts'

const FAULTS = [
  ...FEED_FAULTS,
  ...BINARY_FAULTS,
  ...PLAIN_HTTP_FAULTS,
  ...ORDER_FAULTS,
  ...ORDER_KIND_FAULTS,
  ...ROOM_FAULTS,
  ...SCRIPT_FAULTS,
]

describe('the contract suite', { concurrency: 24 }, () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--pace', '4x', '--account-burst', '0'] })
  })
  after(() => server.dispose())

  it('has a fault for each requirement, and no fault for another', () => {
    const broken = new Set(FAULTS.flatMap(({ breaks }) => breaks))
    assert.deepEqual([...broken].sort(), REQUIREMENTS.map(({ id }) => id).sort())
  })

  for (const fault of FAULTS) {
    it(`finds ${fault.name}`, async () => {
      const right = { url: server.url, fetch, WebSocket, connect: connectTcp(server.url) }
      const requirements = REQUIREMENTS.filter(({ id }) => fault.breaks.includes(id))
      const results = await runSuite(faultyTarget(right, fault), requirements)
      const missed = results.filter(({ verdict }) => verdict.status !== 'failed')
      assert.deepEqual(
        missed.map(({ requirement, verdict }) => ({ id: requirement.id, ...verdict })),
        [],
      )
    })
  }
})
