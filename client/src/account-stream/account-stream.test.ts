// The stream of an account over real sockets: what it does about frames that are missing, foreign or final.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { encodeSse } from '@papertape/protocol'
import { type RequestHandler, spin, startBadServer, stream, TestEnvironment } from '../testing/bad-server.ts'
import { AccountView } from '../views/account-view.ts'
import { openAccountStream } from './account-stream.ts'
import type { AccountStreamState } from './account-stream-interface.ts'

const EPOCH = 'k3f9'
const hello = encodeSse({
  event: 'hello',
  data: JSON.stringify({ accountId: 'a', privateEpoch: EPOCH, heartbeatMs: 15_000 }),
})
const frame = (event: string, seq: number, data: object = {}, epoch = EPOCH) =>
  encodeSse({ id: `${epoch}-${seq}`, event, data: JSON.stringify({ type: event, seq, ...data }) })
const snapshot = (seq: number, cash = 100, epoch = EPOCH) =>
  frame(
    'snapshot',
    seq,
    { type: undefined, accountId: 'a', orders: [], positions: [], balance: { cash, buyingPower: cash } },
    epoch,
  )
const balance = (seq: number, cash = 0) => frame('balance', seq, { cash, buyingPower: cash })
const heartbeat = (id: number, lastSeq: number) => frame('heartbeat', id, { type: undefined, lastSeq })

async function open(t: TestContext, answer: RequestHandler, options: { token?: string } = {}) {
  const server = await startBadServer(t, answer)
  const clock = new TestEnvironment()
  const received: string[] = []
  const states: AccountStreamState[] = []
  const view = new AccountView()
  const account = openAccountStream({
    ...options,
    baseUrl: server.baseUrl,
    environment: clock,
    onMessage: (message, id) => {
      received.push(id === undefined ? message.type : `${message.type} ${id.split('-')[1]}`)
      view.apply(message)
    },
    onState: state => states.push(state),
  })
  t.after(() => account.close())
  const asked = () => server.requests.map(({ pathname, search }) => pathname.replace('/v1', '') + search)
  return { account, clock, received, states, view, asked }
}

test('a lost connection resumes from the last event; the view has the account', async t => {
  const { clock, received, view, account, asked } = await open(t, (_, response, count) => {
    if (count === 1) stream(response).end(hello + snapshot(4) + balance(5, 50))
    else stream(response).write(hello + balance(5, 50) + balance(6, 60))
  })
  await spin(() => account.state.phase === 'waiting')
  assert.equal(account.state.freshness, 'stale')
  clock.advance(account.state.retryInMs!)
  await spin(() => received.length === 5)
  assert.deepEqual(received, ['hello', 'account.snapshot 4', 'balance 5', 'hello', 'balance 6'])
  assert.deepEqual(asked(), ['/account/stream', `/account/stream?last=${EPOCH}-5`])
  assert.deepEqual([view.seq, view.balance?.cash, account.state.freshness], [6, 60, 'live'])
  assert.equal(account.state.accountId, 'a')
})

for (const [what, swallowed] of [
  ['an event', balance(7)],
  ['a heartbeat', heartbeat(6, 7)],
] as const) {
  test(`${what} beyond what has arrived reconnects at once, from the last event`, async t => {
    const { received, asked } = await open(t, (_, response, count) => {
      if (count === 1) stream(response).write(hello + snapshot(5) + swallowed)
      else stream(response).write(hello + balance(6) + balance(7) + heartbeat(7, 7))
    })
    await spin(() => received.includes('heartbeat'))
    assert.deepEqual(asked().at(-1), `/account/stream?last=${EPOCH}-5`)
    assert.deepEqual(received, ['hello', 'account.snapshot 5', 'hello', 'balance 6', 'balance 7', 'heartbeat'])
  })
}

test('silence alone is not unusual; two heartbeats of it are a lost connection', async t => {
  const { clock, account, received } = await open(t, (_, response) => {
    stream(response).write(hello + snapshot(1) + [2, 3, 4, 5, 6, 7, 8].map(seq => balance(seq)).join(''))
  })
  await spin(() => received.includes('balance 8'))
  clock.advance(29_000)
  assert.deepEqual([account.state.phase, account.state.freshness], ['live', 'live'])
  clock.advance(2_000)
  assert.equal(account.state.freshness, 'stale')
  assert.notEqual(account.state.phase, 'live')
})

test('a reset empties the view, and the snapshot of another epoch fills it', async t => {
  const { received, view, clock, account } = await open(t, (_, response, count) => {
    const reset = encodeSse({ event: 'reset', data: '{"reason":"epoch"}' })
    if (count === 1) stream(response).end(hello + snapshot(90, 1))
    else stream(response).write(hello + reset + snapshot(2, 7, 'other'))
  })
  await spin(() => account.state.phase === 'waiting')
  assert.deepEqual([view.seq, view.balance?.cash], [90, 1])
  clock.advance(account.state.retryInMs!)
  await spin(() => received.includes('account.snapshot 2'))
  assert.deepEqual([view.seq, view.balance?.cash, account.state.lastEventId], [2, 7, 'other-2'])
})

test('a refusal and a revoked token close it for good', async t => {
  const refused = await open(t, (_, response) => {
    response.writeHead(401, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ code: 'bad-token', detail: 'no such token' }))
  })
  const revoked = await open(t, (_, response) => {
    stream(response).write(hello + snapshot(1) + encodeSse({ event: 'auth-expired', data: '{"code":"bad-token"}' }))
  })
  for (const { account, states } of [refused, revoked]) {
    await spin(() => states.at(-1)?.phase === 'closed')
    assert.equal(account.state.reason?.code, 'bad-token')
  }
  assert.equal(revoked.clock.timers, 0)
})

test('sends the token in a header, and never in the URL', async t => {
  let seen: unknown
  const { asked, received } = await open(
    t,
    (_, response) => {
      seen = response.req.headers.authorization
      stream(response).write(hello)
    },
    { token: 'pt_secret' },
  )
  await spin(() => received.length === 1)
  assert.deepEqual([seen, asked()], ['Bearer pt_secret', ['/account/stream']])
})
