// The soak of testing/order-soak.ts on a small scale; `npm run soak -w @papertape/server` sends ten million orders.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { soakOrders } from '../testing/order-soak.ts'
import { createTestFolder } from '../testing/test-folder.ts'

/** One checkpoint, at 16,000 orders. */
const ORDERS = 18_000

const folder = createTestFolder('order-soak')

test(`${ORDERS} ended orders grow neither heap nor checkpoints, and do not slow a restart`, t => {
  const report = soakOrders(ORDERS, join(folder, 'journal.sqlite'))
  t.diagnostic(JSON.stringify(report))
  const { heapMiB, checkpoints, checkpointRowsMax, checkpointBytesMax, restartMs, answeredAgain } = report
  // An exchange that remembers ended orders needs 874 bytes for each: 11 MiB between the two measurements.
  assert.ok(heapMiB[1] - heapMiB[0] < 4, `the heap grew from ${heapMiB[0]} to ${heapMiB[1]} MiB`)
  assert.equal(checkpoints, 1)
  assert.ok(
    checkpointRowsMax <= 60 && checkpointBytesMax < 100_000,
    `${checkpointRowsMax} rows, ${checkpointBytesMax} bytes`,
  )
  // A restart replays fewer commands than come between two checkpoints.
  assert.ok(restartMs < 4_000, `the restart took ${restartMs} ms`)
  assert.deepEqual(answeredAgain, [200, 200])
})
