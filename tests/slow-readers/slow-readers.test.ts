// A quarter of what was asked for: what is read is not old, over each transport, though the buffers in between would
// hold a minute of it; and the reader is notified of what it is spared.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { runSlowReaders } from './run-slow-readers.ts'

/** The snapshot, and what is in flight until the server knows of a socket that it is slow. */
const WARM_UP_S = 12

it('a reader that reads a quarter of what it asked for reads what is a second old at most', {
  timeout: 120_000,
}, async () => {
  const { sse, socket, metrics } = await runSlowReaders(10, { symbols: 5, warmUpSeconds: WARM_UP_S })
  for (const [name, reader] of Object.entries({ sse, socket })) {
    const said = `${name}: ${JSON.stringify(reader)}`
    assert.ok(reader.events > 50 && reader.p99AgeMs <= 1_000, said)
    assert.equal(reader.bookGaps, 0, said)
    assert.ok(reader.notifiedHz.length >= 1 && reader.notifiedHz.length <= 8, said)
    assert.ok(
      reader.notifiedHz.every((hz, at) => hz < 10 && hz <= (reader.notifiedHz[at - 1] ?? 10)),
      said,
    )
  }
  const slow = metrics.filter(line => /slow_streams.*step="(rate|book|lagging)".* [12]$/.test(line))
  assert.ok(slow.length > 0, metrics.join('\n'))
})
