// What a market is opened from: a real tape is known by what is in the file, and one that is none is told of by its line.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { MarketPlanError, planMarket } from './open-market.ts'

const folder = mkdtempSync(join(tmpdir(), 'papertape-open-market-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function plan(name: string, text: string | Buffer) {
  writeFileSync(join(folder, name), text)
  return planMarket({ kind: 'replay', file: join(folder, name) })
}

const LOBSTER = '34200.1,1,5,18,5853300,1\n'
const BITSTAMP = '1430438404518 order_created {"price": "236.47", "amount": "2.0", "id": 65595247, "order_type": 0}\n'

test('a replay is of LOBSTER messages or of a Bitstamp log, whatever the name of the latter', () => {
  const apple = plan('AAPL_2012-06-21_34200000_37800000_message_50.csv', LOBSTER)
  assert.deepEqual(
    apple.instruments.map(({ symbol }) => symbol),
    ['AAPL'],
  )
  for (const [name, text] of [
    ['2015-05-01.log', BITSTAMP],
    ['coins.gz', gzipSync(BITSTAMP)],
  ] as const) {
    const { instruments, open } = plan(name, text)
    assert.deepEqual(
      instruments.map(({ symbol }) => symbol),
      ['BTCUSD'],
    )
    const source = open(0, undefined)
    assert.equal(source.nextTime, 1_430_438_404_518)
    assert.deepEqual(open(0, source.save()).save(), source.save())
  }
})

test('a line that is none is named', () => {
  const damaged = `${BITSTAMP}${BITSTAMP.replace('"2.0"', '"two"')}`
  const told = (error: unknown) =>
    error instanceof MarketPlanError && /cannot be used: line 2: .*"two"/.test(error.message)
  assert.throws(() => plan('coins.log', damaged), told)
})
