// Markets opened from files: formats are recognised by the contents, and files that cannot be replayed are refused with
// the row.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { MarketPlanError, openMarket } from './open-market.ts'

const folder = mkdtempSync(join(tmpdir(), 'papertape-open-market-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function plan(name: string, text: string | Buffer) {
  writeFileSync(join(folder, name), text)
  return openMarket({ kind: 'replay', file: join(folder, name) })
}

const LOBSTER = '34200.1,1,5,18,5853300,1\n'
const BITSTAMP = '1430438404518 order_created {"price": "236.47", "amount": "2.0", "id": 65595247, "order_type": 0}\n'
const MARK = '\ufeff'

test('LOBSTER messages and Bitstamp logs are recognised, compressed or not, with any line ends', async () => {
  const apple = 'AAPL_2012-06-21_34200000_37800000_message_50.csv'
  for (const [name, content] of [
    [apple, LOBSTER],
    [`${apple}.GZ`, gzipSync(LOBSTER)],
    ['AAPL_2012-06-21_gzip', gzipSync(LOBSTER.replace('\n', '\r\n'))],
    ['AAPL_2012-06-21_mark.csv', `${MARK}${LOBSTER}\r\n\r\n`],
    ['AAPL_2012-06-21_no_end.csv', LOBSTER.trimEnd()],
  ] as const) {
    const { instruments } = await plan(name, content)
    assert.deepEqual([name, instruments[0]!.symbol], [name, 'AAPL'])
  }
  for (const [name, content] of [
    ['2015-05-01.log', BITSTAMP],
    ['coins.gz', gzipSync(BITSTAMP)],
    ['coins', gzipSync(MARK + BITSTAMP.replace('\n', '\r\n'))],
  ] as const) {
    const { instruments, open } = await plan(name, content)
    assert.deepEqual(
      instruments.map(({ symbol }) => symbol),
      ['BTCUSD'],
    )
    const source = open(0, undefined)
    assert.equal(source.nextTime, 1_430_438_404_518)
    assert.deepEqual(open(0, source.save()).save(), source.save())
  }
})

test('a file that cannot be replayed is refused in a one-line message with its name, and the row that is invalid', async () => {
  mkdirSync(join(folder, 'folder'))
  const refused: readonly [name: string, content: string | Buffer | undefined, message: RegExp][] = [
    ['coins.log', `${BITSTAMP}${BITSTAMP.replace('"2.0"', '"two"')}`, /cannot be used: line 2: .*"two"/],
    ['cut.log', `${BITSTAMP}${BITSTAMP.slice(0, 60)}`, /line 2: .*the last line has no end: the file was truncated/],
    ['far.log', BITSTAMP.replace('236.47', '200000'), /line 1: a market at 200000 is beyond/],
    ['apple.csv', LOBSTER, /the name of a LOBSTER file starts with symbol and day/],
    ['AAPL_2012-06-21_message_.csv', LOBSTER.replace(',1,', ',260,'), /line 1: expected a message type from 1 to 7/],
    ['half.gz', gzipSync(BITSTAMP.repeat(50)).subarray(0, 60), /its gzip data is truncated/],
    ['noise', Buffer.from([1, 0, 2, 0, 200, 7]), /it is not text/],
    ['words.txt', 'hello\n', /neither LOBSTER messages nor a Bitstamp log/],
    ['empty', '', /it is empty/],
    ['folder', undefined, /that is a folder/],
    ['missing', undefined, /there is no such file/],
  ]
  for (const [name, content, message] of refused) {
    if (content !== undefined) writeFileSync(join(folder, name), content)
    await assert.rejects(openMarket({ kind: 'replay', file: join(folder, name) }), (error: unknown) => {
      assert.ok(error instanceof MarketPlanError, `${name}: ${error}`)
      assert.match(error.message, message)
      assert.ok(error.message.includes(join(folder, name)) && !error.message.includes('\n'))
      return true
    })
  }
})
