// The client's stream of an account against the real service, through cuts at random bytes and a kill: each private
// event once, and the account as the service has it. And, as over the order channel, a position that the service does
// not have; and the dead man's switch, over the channel and over REST.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type AccountStreamMessage,
  AccountView,
  type OutboundMessage,
  openAccountStream,
  openOrderChannel,
  Rest,
} from '@papertape/client'
import { type AccountSnapshot, formatPosition } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import { openCuttingProxy } from '../exactly-once/cutting-proxy.ts'
import { logOn, openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { assertWhole } from '../support/private-stream.ts'
import { createRandom } from '../support/random.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const CUTS = 40
const BYTES_MAX = 2_000
/** The client's waits pass faster. */
const SPEED = 10
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)
const WAIT_MAX_MS = 60_000
const SYMBOL = 'VELTR'

it(`delivers each private event once through ${CUTS} cuts and a kill (seed ${SEED})`, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/client/account-stream.test.ts`)
  const random = createRandom(SEED)
  const server = await startServer({ flags: ['--pace', '10x', '--symbols', '1'] })
  test.after(() => server.dispose())
  await untilTrading(server.url, SYMBOL)
  const drawCut = () =>
    ({ direction: 'down', bytes: random.below(BYTES_MAX), kind: random.below(4) === 0 ? 'reset' : 'close' }) as const
  let isCutting = true
  const proxy = await openCuttingProxy(server.port, () => (isCutting ? drawCut() : undefined))
  test.after(() => proxy.close())
  const { token } = await openAccount(server.url)
  const view = new AccountView()
  const events: { readonly seq: number }[] = []
  const names: string[] = []
  const stream = openAccountStream({
    baseUrl: `http://127.0.0.1:${proxy.port}`,
    token,
    environment: {
      nowMs: () => performance.now() * SPEED,
      setTimer(run, delayMs) {
        const timer = setTimeout(run, delayMs / SPEED)
        return () => clearTimeout(timer)
      },
      random: () => random.below(100) / 1_000,
    },
    onMessage(message, id) {
      view.apply(message)
      names.push(message.type)
      if (id !== undefined && message.type !== 'account.snapshot') events.push(message as { seq: number })
    },
  })
  test.after(() => stream.close())
  const rest = new Rest({ baseUrl: server.url, token })
  const trade = async () => {
    for (let n = 0; proxy.cuts < CUTS && !test.signal.aborted; n++) {
      const side = random.below(2) === 0 ? 'buy' : 'sell'
      const order = { clientOrderId: `o${n}`, symbol: SYMBOL, side, orderType: 'market', size: 1 }
      // A kill may lose the answer; the stream must not care.
      await rest.send('POST', '/v1/orders', order).catch(() => undefined)
      await pause(40)
    }
  }
  const trading = trade()
  await within(proxy.untilCuts(CUTS / 2), 'half of the cuts', WAIT_MAX_MS)
  await server.kill('SIGKILL')
  await server.restart()
  await within(trading, 'all cuts', WAIT_MAX_MS)
  isCutting = false

  const { seq, balance } = await rest.get<{ seq: number; balance: { cash: number } }>('/v1/account')
  const caughtUp = async () => {
    while ((view.seq ?? 0) < seq && !test.signal.aborted) await pause(20)
  }
  await within(caughtUp(), `private event ${seq}`, WAIT_MAX_MS)
  assert.ok(events.length > CUTS, `only ${events.length} events`)
  assertWhole(events as { seq: number }[], events[0]!.seq)
  assert.deepEqual([names.filter(name => name === 'account.snapshot').length, names.includes('reset')], [1, false])
  assert.equal(view.balance?.cash, balance.cash)
})

describe('an account over both transports', () => {
  let server: RunningServer
  let token: string
  before(async () => {
    server = await startServer({ flags: ['--symbols', '1'] })
    token = (await openAccount(server.url)).token
  })
  after(() => server.dispose())

  it('cancels all orders after a time that is not renewed, asked over the channel and over REST', async test => {
    const view = new AccountView()
    const channel = openOrderChannel({ baseUrl: server.url, token, onMessage: message => view.apply(message) })
    test.after(() => channel.close())
    const rest = new Rest({ baseUrl: server.url, token })
    const far = { symbol: SYMBOL, side: 'buy', orderType: 'limit', size: 1, price: 10 } as const
    const untilEmpty = async () => {
      while (view.orders.length > 0 && !test.signal.aborted) await pause(10)
    }
    for (const [clientOrderId, entry] of Object.entries({ channel, rest })) {
      await channel.place({ ...far, clientOrderId })
      assert.equal(view.orders.length, 1)
      const off = await entry.cancelAllAfter(0)
      assert.equal('dueTime' in off && off.dueTime, null)
      await entry.cancelAllAfter(200)
      await within(untilEmpty(), 'the cancel', WAIT_MAX_MS)
    }
  })

  it('is reset to a snapshot when the service does not have the events that are asked for', async test => {
    const state = await new Rest({ baseUrl: server.url, token }).get<AccountSnapshot>('/v1/account')
    const logon = await logOn(server.url, token)
    logon.channel.socket.terminate()
    const { epoch, privateEpoch } = { ...logon.channel.messages[0], ...logon.logon }
    const open = {
      stream: (onMessage: (message: AccountStreamMessage) => void) =>
        openAccountStream({ baseUrl: server.url, token, last: formatPosition(privateEpoch, 900), onMessage }),
      channel: (onMessage: (message: OutboundMessage) => void) => {
        const session = { sessionId: logon.logon.sessionId, nextSeq: 901, epoch }
        return openOrderChannel({ baseUrl: server.url, token, session, onMessage })
      },
    }
    for (const connect of Object.values(open)) {
      const view = new AccountView()
      const types: string[] = []
      const connection = connect(message => {
        types.push(message.type)
        view.apply(message)
      })
      test.after(() => connection.close())
      const caughtUp = async () => {
        while (view.seq === undefined && !test.signal.aborted) await pause(10)
      }
      await within(caughtUp(), 'the snapshot', WAIT_MAX_MS)
      assert.deepEqual(types.slice(-2), ['reset', 'account.snapshot'])
      assert.deepEqual([view.seq, view.balance?.cash], [state.seq, state.balance.cash])
    }
  })
})
