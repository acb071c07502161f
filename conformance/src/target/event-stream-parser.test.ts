// The parser against the standard's own examples, and what it reports of bytes that the contract does not allow.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventStreamParser, type StreamedBlock } from './event-stream-parser.ts'

function parse(...chunks: (string | Uint8Array)[]) {
  const blocks: StreamedBlock[] = []
  const parser = new EventStreamParser(block => blocks.push(block))
  for (const chunk of chunks) parser.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  return { blocks, faults: parser.faults, retries: parser.retries }
}

describe('EventStreamParser', () => {
  it('reads blocks, whatever the chunks', () => {
    const text = 'retry: 1500\n\nid: a-1\nevent: trade\ndata: {"price":1,\ndata: "é":2}\n\nevent: quote\ndata: {}\n\n'
    const expected = [
      { id: 'a-1', event: 'trade', text: '{"price":1,\n"é":2}' },
      { id: undefined, event: 'quote', text: '{}' },
    ]
    const bytes = new TextEncoder().encode(text)
    for (let size = 1; size < 9; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      const { blocks, faults, retries } = parse(...chunks)
      assert.deepEqual(blocks, expected, `in chunks of ${size}`)
      assert.deepEqual([faults, retries], [[], [{ ms: 1_500, afterEvents: 0 }]])
    }
  })

  it('takes off one space after the colon, and knows fields without one', () => {
    const { blocks } = parse('data:  two spaces\n\ndata\n\n')
    assert.deepEqual(
      blocks.map(({ text }) => text),
      [' two spaces', ''],
    )
  })

  it('dispatches nothing before the blank line', () => {
    assert.deepEqual(parse('event: trade\ndata: {}\n').blocks, [])
  })

  for (const [what, sent, fault] of [
    ['carriage returns', 'data: {}\r\n\r\n', 'a carriage return'],
    ['a byte order mark', '\uFEFFdata: {}\n\n', 'a byte order mark'],
    ['comments', ': alive\n\n', 'a comment: : alive'],
    ['unknown fields', 'time: 5\ndata: {}\n\n', 'an unknown field: time: 5'],
    ['a retry that is no number', 'retry: soon\n\n', 'an unknown field: retry: soon'],
    ['an event without data', 'event: trade\n\n', 'an event without data: trade'],
    ['bytes that are not UTF-8', Uint8Array.of(0xff), 'bytes that are not UTF-8'],
  ] as const) {
    it(`reports ${what}`, () => assert.equal(parse(sent).faults[0], fault))
  }
})
