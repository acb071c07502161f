// The orders of an account and the life of each, by REST: open and ended ones apart, in pages, what happened to each
// from the first answer to the end; the same after a restart.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SYMBOL = 'VELTR'
const RESTING = { symbol: SYMBOL, side: 'buy', orderType: 'limit', size: 10, price: 10 }

interface Listed {
  readonly orderId: string
  readonly orderStatus: string
}

describe('the order history', () => {
  let server: RunningServer
  let token: string
  /** By what becomes of it. */
  const ids: Record<'open' | 'canceled' | 'filled' | 'rejected', string> = {
    open: '',
    canceled: '',
    filled: '',
    rejected: '',
  }
  const send = (route: string, body?: object, as = token) =>
    call(server.url, route, { token: as, ...(body !== undefined && { body }) })
  const read = async (path: string) => {
    const { status, body } = await send(`GET /v1/${path}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const list = async (query: string): Promise<string[]> =>
    (await read(`orders?${query}`)).orders.map(({ orderId }: Listed) => orderId)

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2', '--pace', '10x'] })
    await untilTrading(server.url, SYMBOL)
    token = (await openAccount(server.url)).token
    const place = async (clientOrderId: string, terms: object) =>
      (await send('POST /v1/orders', { ...RESTING, clientOrderId, ...terms })).body.orderId as string
    ids.open = await place('open', {})
    ids.canceled = await place('canceled', { size: 30 })
    await send(`PATCH /v1/orders/${ids.canceled}`, { clientOrderId: 'smaller', size: 20 })
    ids.filled = await place('filled', { orderType: 'market', price: undefined })
    await send(`DELETE /v1/orders/${ids.canceled}`)
    const refused = await send('POST /v1/orders', { ...RESTING, clientOrderId: 'rejected', price: 10.001 })
    assert.equal(refused.status, 422)
    const [newest] = (await read('orders?limit=1')).orders
    assert.equal(newest.orderStatus, 'rejected')
    ids.rejected = newest.orderId
  })
  after(() => server.dispose())

  const assertHistory = async () => {
    const all = [ids.rejected, ids.filled, ids.canceled, ids.open]
    const ended = [ids.rejected, ids.filled, ids.canceled]
    assert.deepEqual(await list(''), all)
    assert.deepEqual(await list('status=all'), all)
    assert.deepEqual(await list('status=open'), [ids.open])
    assert.deepEqual(await list('status=ended'), ended)
    const paged: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: { orders: Listed[]; after: string | null } = await read(`orders?status=ended&limit=2${next}`)
      paged.push(...page.orders.map(({ orderId }) => orderId))
      next = page.after === null ? null : `&after=${page.after}`
    }
    assert.deepEqual(paged, ended)

    const livesOf = async (orderId: string) => {
      const { executions, after: rest } = await read(`orders/${orderId}/executions`)
      assert.equal(rest, null)
      return executions
    }
    const types = async (orderId: string) =>
      (await livesOf(orderId)).map(({ execType }: { execType: string }) => execType)
    assert.deepEqual(await types(ids.open), ['new'])
    assert.deepEqual(await types(ids.canceled), ['new', 'replaced', 'canceled'])
    assert.deepEqual(await types(ids.rejected), ['rejected'])
    const filled = await livesOf(ids.filled)
    const { fills } = await read('fills')
    assert.deepEqual(
      filled.filter(({ lastSize }: { lastSize: number }) => lastSize > 0),
      fills,
    )
    assert.equal(filled.at(-1).orderStatus, 'filled')
    const [, replaced] = await livesOf(ids.canceled)
    const later = await read(`orders/${ids.canceled}/executions?after=${replaced.seq}`)
    assert.deepEqual(
      later.executions.map(({ execType }: { execType: string }) => execType),
      ['canceled'],
    )
    return Promise.all(all.map(livesOf))
  }

  it('lists open and ended orders apart, in pages, and has what happened to each', async () => {
    await assertHistory()
  })

  it('is of the account alone', async () => {
    const other = (await openAccount(server.url)).token
    const { status, body } = await send(`GET /v1/orders/${ids.filled}/executions`, undefined, other)
    assert.deepEqual([status, body.code], [404, 'unknown-order'])
    assert.deepEqual((await send('GET /v1/orders', undefined, other)).body.orders, [])
    assert.equal((await call(server.url, `GET /v1/orders/${ids.filled}/executions`)).status, 401)
    const refused = await send('GET /v1/orders?status=done')
    assert.equal(refused.status, 400)
    assert.match(refused.body.detail, /all, open.*ended/)
  })

  it('is the same after a kill and a restart', async () => {
    const lives = await assertHistory()
    await server.kill('SIGKILL')
    await server.restart()
    assert.deepEqual(await assertHistory(), lives)
  })
})
