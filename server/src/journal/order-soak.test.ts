// What a flood of orders leaves behind, on a small scale; `npm run soak -w @papertape/server` sends ten million.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { soakOrders } from '../testing/order-soak.ts'

const ORDERS = 200_000

test(`${ORDERS} ended orders leave nothing in the heap or in checkpoints, and do not slow a restart`, t => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-order-soak-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const report = soakOrders(ORDERS, join(folder, 'journal.sqlite'))
  t.diagnostic(JSON.stringify(report))
  const { heapMiB, checkpoints, checkpointRowsMax, checkpointBytesMax, restartMs, answeredAgain } = report
  // 874 bytes an order were 167 MiB.
  assert.ok(heapMiB[1] - heapMiB[0] < 10, `the heap grew from ${heapMiB[0]} to ${heapMiB[1]} MiB`)
  assert.ok(checkpoints >= 5)
  assert.ok(
    checkpointRowsMax <= 60 && checkpointBytesMax < 100_000,
    `${checkpointRowsMax} rows, ${checkpointBytesMax} bytes`,
  )
  // At most 25,000 commands are replayed.
  assert.ok(restartMs < 4_000, `the restart took ${restartMs} ms`)
  assert.deepEqual(answeredAgain, [200, 200])
})
