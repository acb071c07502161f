// A subscriber that is cut at random two hundred times, with the server killed under it, has every event of its
// subscription exactly once. The oracle is the journal itself, read after the last kill.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import { createRandom } from '../support/random.ts'
import { startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'

const CUTS = 200
const KILL_EVERY = 50
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)

it(`has every event exactly once through ${CUTS} cuts, with kill -9 among them (seed ${SEED})`, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/feed/resume.test.ts`)
  const random = createRandom(SEED)
  const server = await startServer({ flags: ['--pace', '20x', '--symbols', '6'] })
  test.after(() => server.dispose())
  const symbols = 'events=trade,quote,book,candle&mode=raw'
  const url = `${server.url}/v1/stream?${symbols}`
  const received: { seq: number; event: string; data: string }[] = []
  let position = ''
  let resets = 0

  for (let cut = 0; cut < CUTS; cut++) {
    const reader = await openStream(url, position)
    await reader.until(() => reader.messages.length > random.below(60))
    if (cut % KILL_EVERY === KILL_EVERY - 1) {
      await server.kill('SIGKILL')
      await reader.ended
      await server.restart()
    } else reader.cut()
    for (const { event, data } of reader.messages) {
      if (event === 'reset') resets++
      if (data.seq !== undefined) received.push({ seq: data.seq, event, data: JSON.stringify(data) })
    }
    position = reader.lastEventId
  }
  await server.kill('SIGKILL')

  assert.equal(resets, 0, 'no position was refused')
  const first = received[0]!.seq
  const last = received.at(-1)!.seq
  const published = readEvents(join(server.dataFolder, 'simulated-1-6', 'journal.sqlite'), first, last)
  assert.ok(published.length > 1_000, `only ${published.length} events: too little was tested`)
  assert.deepEqual(received, published)
})

function readEvents(file: string, from: number, to: number) {
  const db = new DatabaseSync(file)
  const rows = db
    .prepare(
      "SELECT seq, event, data FROM events WHERE seq BETWEEN ? AND ? AND event IN ('trade', 'quote', 'book', 'candle') ORDER BY seq",
    )
    .all(from, to)
  db.close()
  return rows.map(row => ({ ...row })) as { seq: number; event: string; data: string }[]
}
