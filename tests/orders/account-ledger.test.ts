// The money of an account under fees, on a server that is killed: its ledger, deposits that are sent again, and the
// journal that gives all of it again.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { logOn, openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { assertWhole, privateEvents } from '../support/private-stream.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, runServer, startServer } from '../support/server.ts'

const FLAGS = ['--symbols', '1', '--fee-maker', '1', '--fee-taker', '2.5', '--fee-per-share', '0.002']
const MARKET_BUY = { symbol: 'VELTR', side: 'buy', orderType: 'market', size: 10 }
const units = (amount: number) => Math.round(amount * 10_000)

describe('the ledger of an account', () => {
  let server: RunningServer
  let token: string
  before(async () => {
    server = await startServer({ flags: FLAGS })
    await untilTrading(server.url, MARKET_BUY.symbol)
    token = (await openAccount(server.url)).token
  })
  after(() => server.dispose())

  const ask = (route: string, body?: object) => call(server.url, route, { token, ...(body && { body }) })
  const ledger = async (query = '') => (await ask(`GET /v1/account/ledger${query}`)).body

  it('has the fee of each fill, as its execution has it', async () => {
    assert.equal((await ask('POST /v1/orders', { ...MARKET_BUY, clientOrderId: 'a' })).status, 201)
    const { fills } = (await ask('GET /v1/fills')).body
    assert.ok(fills.length > 0)
    for (const { lastPrice, lastSize, fee } of fills) {
      const charge = Math.floor((units(lastPrice) * lastSize * 250) / 1_000_000) + 20 * lastSize
      assert.equal(units(fee), charge)
    }
    const { entries } = await ledger()
    assert.deepEqual(
      entries.map(({ cause }: { cause: string }) => cause),
      [...fills.flatMap(() => ['fee', 'trade']), 'opening'],
    )
    assert.equal(entries[0].balance, (await ask('GET /v1/account')).body.balance.cash)
    assert.equal(entries[0].amount, -fills.at(-1).fee)
  })

  it('has a deposit once, however often it was sent', async () => {
    const deposit = { clientDepositId: 'pay-1', amount: 12.5 }
    const first = await ask('POST /v1/account/deposits', deposit)
    assert.deepEqual([first.status, first.body.amount], [201, 12.5])
    const again = await ask('POST /v1/account/deposits', deposit)
    assert.deepEqual([again.status, again.body], [200, { ...first.body, duplicate: true }])
    for (const [body, status, code] of [
      [{ clientDepositId: 'pay-2', amount: 0.00001 }, 400, 'bad-request'],
      [{ clientDepositId: 'pay-2', amount: -1 }, 400, 'bad-request'],
      [{ amount: 1 }, 400, 'bad-request'],
    ] as const) {
      const refused = await ask('POST /v1/account/deposits', body)
      assert.deepEqual([refused.status, refused.body.code], [status, code])
    }
    const made = await ask('POST /v1/account/tokens', { name: 'reader', readOnly: true })
    const reader = { token: made.body.token, body: { clientDepositId: 'pay-3', amount: 1 } }
    assert.equal((await call(server.url, 'POST /v1/account/deposits', reader)).body.code, 'read-only')
    assert.partialDeepStrictEqual((await ledger('?limit=1')).entries, [{ cause: 'deposit', clientDepositId: 'pay-1' }])
    const { channel } = await logOn(server.url, token, { nextSeq: 1 })
    await channel.until(({ type, cash }) => type === 'balance' && cash === first.body.cash)
    assertWhole(privateEvents(channel.messages), 1)
    channel.socket.terminate()
  })

  it('is the same after kill -9, in pages too, and so are a short position and a deposit that is sent again', async () => {
    const { entries } = await ledger()
    const short = { ...MARKET_BUY, side: 'sell', clientOrderId: 'a' }
    const seller = (await call(server.url, 'POST /v1/accounts', { body: { margin: true } })).body
    assert.equal((await call(server.url, 'POST /v1/orders', { token: seller.token, body: short })).status, 201)
    const sold = async () => {
      const { positions, balance } = (await call(server.url, 'GET /v1/account', { token: seller.token })).body
      return { size: positions[0].size, avgCost: positions[0].avgCost, cash: balance.cash }
    }
    const before = await sold()
    assert.ok(before.size < 0 && before.cash > 1_000_000)
    await server.kill('SIGKILL')
    const verified = await runServer(['--verify', '--data', server.dataFolder, ...FLAGS])
    assert.equal(verified.code, 0, verified.stderr)
    await server.restart()
    assert.deepEqual(await sold(), before)
    assert.deepEqual((await ledger()).entries, entries)
    const paged: object[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page = await ledger(`?limit=1${after === '' ? '' : `&after=${after}`}`)
      paged.push(...page.entries)
      after = page.after
    }
    assert.deepEqual(paged, entries)
    const again = await ask('POST /v1/account/deposits', { clientDepositId: 'pay-1', amount: 12.5 })
    assert.equal(again.body.duplicate, true)
  })
})
