// docs/binary.md: its example is what the encoder makes, its sizes are those of the layout, and its program in Python
// decodes the messages of a server.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { BinaryDecoder, BinaryEncoder, binaryHead } from '@papertape/protocol'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCUMENT = readFileSync(`${ROOT}/docs/binary.md`, 'utf8')
const PROGRAM = 'docs/snippets/decode_binary.py'

const TABLE = {
  epoch: 'k3f9',
  instruments: [
    { symbol: 'VELTR', tickUnits: 100, lotSize: 1 },
    { symbol: 'NIMBR', tickUnits: 50, lotSize: 100 },
  ],
}
const STAMP = { seq: 4_211, ts: 1_767_605_400_250_000, time: 1_767_605_400_250, symbol: 'VELTR' }
const TRADE = { ...STAMP, tradeId: 903, price: 184.33, size: 120, aggressor: 'buy' }
const QUOTE = { ...STAMP, seq: 4_213, bid: 184.33, bidSize: 18, ask: 184.34, askSize: 200, folded: 3 }
const CHANGES = [
  ['bid', 184.33, 18],
  ['ask', 184.34, 0],
]
const BOOK = { ...STAMP, seq: 4_212, prevSeq: 4_209, changes: CHANGES, checksum: 3_998_153_953, folded: 2 }

function encode(...frames: { readonly id?: string; readonly event: string; readonly data: object }[]): Buffer {
  const [body] = new BinaryEncoder(TABLE).encode(frames.map(one => ({ ...one, data: JSON.stringify(one.data) })))
  return Buffer.concat([binaryHead('tape'), body!])
}
const HELLO = { event: 'hello', data: { epoch: 'k3f9' } }
const trade = { id: 'k3f9-4211', event: 'trade', data: TRADE }

describe('docs/binary.md', () => {
  const example = DOCUMENT.split('```hex')[1]!.split('```')[0]!.replace(/\s/g, '')

  it('has an example that is what the encoder makes', () => {
    assert.equal(encode(trade, { event: 'quote', data: QUOTE }, { event: 'book', data: BOOK }).toString('hex'), example)
  })

  it('has an example that is decoded to what it says', () => {
    const decoder = new BinaryDecoder()
    decoder.decode(encode(HELLO))
    const events = decoder.decode(Buffer.from(example, 'hex')).map(({ id, event, data }) => ({ id, event, data }))
    const conflated = { id: undefined }
    assert.deepEqual(events, [
      trade,
      { ...conflated, event: 'quote', data: QUOTE },
      { ...conflated, event: 'book', data: BOOK },
    ])
  })

  it('shows a program in Python that decodes trades', test => {
    assert.ok(DOCUMENT.includes(readFileSync(`${ROOT}/${PROGRAM}`, 'utf8')), 'it shows the file as it is')
    if (spawnSync('python3', ['--version']).error !== undefined) {
      test.skip('python3 is not installed')
      return
    }
    const other = { ...TRADE, symbol: 'NIMBR', seq: 2 ** 33, price: 9.995, size: 300, aggressor: 'sell' }
    const near = { ...other, seq: 2 ** 33 + 3, ts: STAMP.ts + 7, time: STAMP.time + 2 }
    const messages = [
      encode(HELLO, { event: 'quote', data: QUOTE }, { event: 'news', data: { headline: 'é' } }),
      encode({ event: 'book', data: BOOK }, trade, { event: 'trade', data: other }, { event: 'trade', data: near }),
      Buffer.from(example, 'hex'),
    ]
    const input = messages.map(message => message.toString('hex')).join('\n')
    const { stdout, stderr } = spawnSync('python3', [`${ROOT}/${PROGRAM}`], { input, encoding: 'utf8' })
    assert.equal(stderr, '')
    const printed = stdout.trim().split('\n')
    assert.deepEqual(
      printed.map(text => JSON.parse(text)),
      [TRADE, other, near, TRADE],
    )
  })
})
