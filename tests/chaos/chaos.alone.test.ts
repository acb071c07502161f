// Promises under faults: half a minute of `npm run chaos`, with one server of NATS. Asserts promises and no speed: the
// machine is shared, and how long the silences were is printed.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { provideProgram } from '../support/programs/provide-program.ts'
import { runChaos } from './run-chaos.ts'
import { chaosSummary } from './summary.ts'

const SECONDS = 25
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)

it(`keeps its promises while its processes are killed (seed ${SEED})`, { timeout: 300_000 }, async test => {
  const program = provideProgram(test, 'nats-server')
  if (program === undefined) return
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/chaos/chaos.alone.test.ts`)
  const folder = mkdtempSync(join(tmpdir(), 'papertape-chaos-'))
  const report = await runChaos(program, {
    seconds: SECONDS,
    seed: SEED,
    natsServers: 1,
    historyFile: join(folder, 'history.jsonl'),
    rawReaders: 25,
    conflatedReaders: 25,
    traders: 20,
    onProgress: line => test.diagnostic(line),
  })
  test.diagnostic(chaosSummary(report))
  const { commands, hops, logged } = report
  for (const [name, count] of Object.entries({ commands, logged, ...hops })) assert.ok(count > 0, `no ${name}`)
  // Of a run that failed it stays.
  rmSync(folder, { recursive: true, force: true })
})
