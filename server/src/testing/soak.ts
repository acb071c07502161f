// `npm run soak -w @papertape/server -- [ORDERS] [FOLDER]`: the soak of order-soak.ts with ten million
// orders by default. The journal is deleted afterwards.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { soakOrders } from './order-soak.ts'

const [orders = '10000000', parent = tmpdir()] = process.argv.slice(2)
const folder = mkdtempSync(join(parent, 'papertape-soak-'))
const startMs = performance.now()
let lastMs = startMs
try {
  const report = soakOrders(Number(orders), join(folder, 'journal.sqlite'), done => {
    if (performance.now() - lastMs < 10_000) return
    lastMs = performance.now()
    const heapMiB = Math.round(process.memoryUsage().heapUsed / 2 ** 20)
    process.stdout.write(`${done} orders in ${Math.round((lastMs - startMs) / 1_000)} s, heap ${heapMiB} MiB\n`)
  })
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true })
}
