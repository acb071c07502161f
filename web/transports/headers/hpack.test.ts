// The sizes of HPACK against the examples of RFC 7541, appendix C.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HpackField, HpackSizes, huffmanBytes, integerBytes, isIndexedByChromium } from './hpack.ts'
import { HUFFMAN_BITS } from './huffman-lengths.ts'
import { STATIC_TABLE } from './static-table.ts'

const fields = (text: string): HpackField[] =>
  text.split('\n').map(line => {
    const at = line.indexOf(': ', 1)
    return { name: line.slice(0, at), value: line.slice(at + 2) }
  })
const sum = (sizes: readonly number[]) => sizes.reduce((total, one) => total + one, 0)

test('C.1: integers', () => {
  assert.deepEqual([integerBytes(10, 5), integerBytes(1_337, 5), integerBytes(42, 8)], [1, 3, 1])
  assert.deepEqual([integerBytes(30, 5), integerBytes(31, 5), integerBytes(158, 5), integerBytes(159, 5)], [1, 2, 2, 3])
})

test('C.4: requests with the Huffman code, and the table after each', () => {
  const hpack = new HpackSizes()
  const request = ':method: GET\n:scheme: http\n:path: /\n:authority: www.example.com'
  const first = hpack.send(fields(request))
  assert.deepEqual([sum(first), hpack.tableBytes], [17, 57])
  assert.deepEqual(first, [1, 1, 1, 14])
  const second = hpack.send(fields(`${request}\ncache-control: no-cache`))
  assert.deepEqual([sum(second), hpack.tableBytes], [12, 110])
  const other =
    ':method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value'
  assert.deepEqual([sum(hpack.send(fields(other))), hpack.tableBytes], [24, 164])
})

test('C.6: answers with the Huffman code, in a table of 256 bytes that drops the oldest', () => {
  const hpack = new HpackSizes({ tableBytesMax: 256 })
  const answer = (status: string, date: string) =>
    `:status: ${status}\ncache-control: private\ndate: ${date}\nlocation: https://www.example.com`
  const at = (second: number) => `Mon, 21 Oct 2013 20:13:${second} GMT`
  const sizes = [
    answer('302', at(21)),
    answer('307', at(21)),
    `${answer('200', at(22))}\ncontent-encoding: gzip\nset-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1`,
  ].map(block => [sum(hpack.send(fields(block))), hpack.tableBytes])
  assert.deepEqual(sizes, [
    [54, 222],
    [8, 222],
    [79, 215],
  ])
})

test('C.2.2: a field that is not added to the table costs the same again', () => {
  const hpack = new HpackSizes({ isIndexed: isIndexedByChromium })
  const path = fields(':path: /sample/path')
  // The RFC has it without the Huffman code: 14 bytes.
  assert.deepEqual([hpack.send(path), hpack.send(path), hpack.tableBytes], [[11], [11], 0])
})

test('the Huffman code is complete: with its end of string it uses every bit pattern once', () => {
  const used = [...HUFFMAN_BITS, 30].reduce((total, bits) => total + 2 ** -bits, 0)
  assert.deepEqual([HUFFMAN_BITS.length, used], [256, 1])
  assert.equal(huffmanBytes('www.example.com'), 12)
})

test('the static table has 61 entries, each once', () => {
  assert.equal(STATIC_TABLE.length, 61)
  assert.equal(new Set(STATIC_TABLE.map(entry => entry.join(': '))).size, 61)
  assert.deepEqual(
    [STATIC_TABLE[18], STATIC_TABLE[57]],
    [
      ['accept', ''],
      ['user-agent', ''],
    ],
  )
})
