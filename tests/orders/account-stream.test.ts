// The stream of an account through 100 disconnects at random moments, in the middle of an event too, and through kills,
// while orders run: every private event once, in order. REST has the truth in the end.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { createRandom } from '../support/random.ts'
import { call } from '../support/rest.ts'
import { startServer } from '../support/server.ts'
import { openStream, type StreamMessage, type StreamReader } from '../support/stream.ts'

const DISCONNECTS = 100
const DISCONNECTS_A_KILL = 40
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)
const PRIVATE_EVENTS = ['execution', 'position', 'balance', 'queue']

it(`has every private event once through ${DISCONNECTS} disconnects and kills (seed ${SEED})`, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/orders/account-stream.test.ts`)
  const random = createRandom(SEED)
  const server = await startServer({ flags: ['--pace', '10x', '--symbols', '1'] })
  test.after(() => server.dispose())
  await untilTrading(server.url, 'VELTR')
  const { token } = await openAccount(server.url)
  const events: StreamMessage[] = []
  let position = ''
  const names: string[] = []

  const connect = () => openStream(`${server.url}/v1/account/stream`, position, { authorization: `Bearer ${token}` })
  /** What the reader had read when its connection broke. */
  const keep = (reader: StreamReader) => {
    events.push(...reader.messages.filter(({ event }) => PRIVATE_EVENTS.includes(event)))
    names.push(...reader.messages.map(({ event }) => event))
    position = reader.lastEventId
  }
  let orders = 0
  const place = async () => {
    const terms = { symbol: 'VELTR', side: random.below(2) === 0 ? 'buy' : 'sell', orderType: 'market', size: 1 }
    // A kill may lose the answer; the stream must not care.
    await call(server.url, 'POST /v1/orders', { token, body: { clientOrderId: `o${++orders}`, ...terms } }).catch(
      () => undefined,
    )
  }

  for (let cut = 1; cut <= DISCONNECTS; cut++) {
    const reader = await connect()
    const trading = [place(), place()]
    const seen = random.below(6)
    if (seen > 0) await reader.until(({ event }) => PRIVATE_EVENTS.includes(event))
    if (cut % DISCONNECTS_A_KILL === 0) {
      await server.kill('SIGKILL')
      await reader.ended
      await server.restart()
    } else reader.cut()
    keep(reader)
    await Promise.all(trading)
  }

  const { seq } = (await call(server.url, 'GET /v1/account', { token })).body
  const last = await connect()
  await last.until(({ id }) => Number(id.split('-')[1]) >= seq)
  keep(last)
  last.cut()
  assert.ok(events.length > 2 * DISCONNECTS, `only ${events.length} events: too little was tested`)
  const first = Number(events[0]!.id.split('-')[1])
  assert.deepEqual(
    events.map(({ id }) => Number(id.split('-')[1])),
    events.map((_, index) => first + index),
    'no hole, no repeat',
  )
  assert.ok(events.every(({ id, event, data }) => data.type === event && id.endsWith(`-${data.seq}`)))
  assert.deepEqual([names.filter(name => name === 'snapshot').length, names.includes('reset')], [1, false])
})
