// The SSE codec against the WHATWG standard, section 9.2: parsing is the inverse of encoding wherever the stream is
// cut, and what the standard ignores is ignored. The cases are those of LaunchDarkly's contract tests and of WPT.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createSseParser, encodeRetry, encodeSse, type SseFrame, type SseMessage } from './sse.ts'

interface Parsed {
  messages: SseMessage[]
  retries: number[]
  comments: string[]
  lastEventId: string
}

function parse(pieces: readonly string[], lastEventId?: string): Parsed {
  const messages: SseMessage[] = []
  const retries: number[] = []
  const comments: string[] = []
  const parser = createSseParser(
    {
      onMessage: message => messages.push(message),
      onRetry: retryMs => retries.push(retryMs),
      onComment: text => comments.push(text),
    },
    lastEventId,
  )
  for (const piece of pieces) parser.push(piece)
  return { messages, retries, comments, lastEventId: parser.lastEventId }
}

/** Cuts text at the given positions. */
function cut(text: string, places: readonly number[]): string[] {
  const edges = [...new Set(places.map(place => place % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...edges].map((from, i) => text.slice(from, edges[i]))
}

const data = (text: string, event = 'message', lastEventId = ''): SseMessage => ({ lastEventId, event, data: text })
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\r', '\n', ' ', ':', 'a', '\0', '\uFEFF', 'data', 'id', 'event', 'retry', 'é', '💹'),
  }),
)
const anyId = anyText.map(text => text.replace(/[\r\n\0]/g, ''))
const anyName = anyText.map(text => text.replace(/[\r\n]/g, ''))
const anyFrame: fc.Arbitrary<SseFrame> = fc.record(
  { id: anyId, event: anyName, data: anyText },
  { requiredKeys: ['data'] },
) as fc.Arbitrary<SseFrame>
const anyCuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 30 })

describe('encode, then parse', () => {
  test('returns the event, with LF for every line end, wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 6 }), anyCuts, (frames, cuts) => {
        const { messages } = parse(cut(frames.map(encodeSse).join(''), cuts))
        let lastEventId = ''
        const expected = frames.map(frame => {
          lastEventId = frame.id ?? lastEventId
          return data(frame.data.replace(/\r\n|\r/g, '\n'), frame.event || 'message', lastEventId)
        })
        assert.deepEqual(messages, expected)
      }),
      { numRuns: 1_000 },
    )
  })

  test('gives the same in one part, by characters, and cut in two at every position', () => {
    const trade = encodeSse({ id: 'k3f9-7', event: 'trade', data: 'a\r\nb\rc\nd' })
    const stream = `${encodeRetry(2_500)}${trade}: hi\r\ndata\r\n\r\n`
    const whole = parse([stream])
    assert.deepEqual(whole.messages, [data('a\nb\nc\nd', 'trade', 'k3f9-7'), data('', 'message', 'k3f9-7')])
    assert.deepEqual(parse([...stream]), whole)
    for (let i = 0; i <= stream.length; i++) assert.deepEqual(parse([stream.slice(0, i), stream.slice(i)]), whole)
  })

  test('parses any text to the same events wherever it is cut', () => {
    fc.assert(fc.property(anyText, anyCuts, (text, cuts) => assert.deepEqual(parse(cut(text, cuts)), parse([text]))))
  })

  test('refuses line ends in id and event, and NUL in id', () => {
    for (const bad of ['\r', '\n', '\r\n', 'a\nb']) {
      assert.throws(() => encodeSse({ id: bad, data: '' }), RangeError)
      assert.throws(() => encodeSse({ event: bad, data: '' }), RangeError)
    }
    assert.throws(() => encodeSse({ id: 'a\0b', data: '' }), RangeError)
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => encodeRetry(bad), RangeError)
    assert.equal(encodeRetry(0), 'retry: 0\n\n')
  })
})

describe('the standard', () => {
  const cases: readonly [name: string, stream: string, messages: readonly SseMessage[]][] = [
    ['CR alone ends a line', 'data: a\r\r', [data('a')]],
    ['LF alone ends a line', 'data: a\n\n', [data('a')]],
    ['CRLF is one line end', 'data: a\r\ndata: b\r\n\r\n', [data('a\nb')]],
    ['line ends may be mixed', 'data: a\rdata: b\r\ndata: c\n\r\n', [data('a\nb\nc')]],
    ['LF and then CR are two', 'data: a\n\rdata: b\n\n', [data('a'), data('b')]],
    ['one BOM is taken off the start', '\uFEFFdata: a\n\n', [data('a')]],
    ['a second BOM belongs to the field name', '\uFEFF\uFEFFdata: a\n\n', []],
    ['a BOM later on is text', 'data: a\n\n\uFEFFdata: b\n\n', [data('a')]],
    ['one space after the colon is taken off', 'data:  a\n\ndata:b\n\n', [data(' a'), data('b')]],
    ['a field without colon has an empty value', 'data\n\ndata\ndata\n\n', [data(''), data('\n')]],
    ['an event without data is none, and its name is gone', 'event: x\n\ndata: a\n\n', [data('a')]],
    ['an empty event name is message', 'event\ndata: a\n\n', [data('a')]],
    ['the last of two event names counts', 'event: x\nevent: y\ndata: a\n\n', [data('a', 'y')]],
    ['unknown fields and wrong case are ignored', 'foo: 1\nDATA: b\n data: c\ndata: a\n\n', [data('a')]],
    ['a comment is nothing', ': hello\n:\ndata: a\n:between\ndata: b\n\n', [data('a\nb')]],
    ['an unfinished event is dropped', 'data: a\n\ndata: b\n', [data('a')]],
    ['an unfinished line is dropped', 'data: a\n\ndata: b', [data('a')]],
    ['an id stays in force', 'id: 1\ndata: a\n\ndata: b\n\n', [data('a', 'message', '1'), data('b', 'message', '1')]],
    ['an empty id resets it', 'id: 1\ndata: a\n\nid\ndata: b\n\n', [data('a', 'message', '1'), data('b')]],
    [
      'an id with NUL is ignored',
      'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
      [data('a', 'message', '1'), data('b', 'message', '1')],
    ],
    ['an id may be 0', 'id: 0\ndata: a\n\n', [data('a', 'message', '0')]],
    ['NUL elsewhere is text', 'data: \0\n\n', [data('\0')]],
  ]
  for (const [name, stream, messages] of cases) {
    test(name, () => {
      assert.deepEqual(parse([stream]).messages, messages)
      assert.deepEqual(parse([...stream]).messages, messages)
    })
  }

  test('an id takes effect at the dispatch, also without data', () => {
    assert.equal(parse(['id: 7\n\n']).lastEventId, '7')
    assert.equal(parse(['id: 7\n']).lastEventId, '')
    assert.equal(parse(['data: a\n'], '5').lastEventId, '5')
    assert.deepEqual(parse(['data: a\n\n'], '5').messages, [data('a', 'message', '5')])
  })

  test('retry takes digits only', () => {
    const stream = 'retry: 1500\nretry: 1.5\nretry: -1\nretry: 2s\nretry\nretry:  3\nretry: 0\nretry:007\n\n'
    assert.deepEqual(parse([stream]).retries, [1_500, 0, 7])
  })

  test('comments are passed on unchanged', () => {
    assert.deepEqual(parse([': a\n:b\n:\n']).comments, [' a', 'b', ''])
  })

  test('the lines of each block are passed on, wherever the stream is cut, from the first whole block that is wanted', () => {
    const stream = 'retry: 5\n\n\nid: 1\r\ndata: a\r\n\r\n: hi\n\ndata: b\n'
    for (let i = 0; i <= stream.length; i++) {
      const blocks: string[] = []
      const parser = createSseParser({ onMessage() {}, onBlock: lines => blocks.push(lines) })
      parser.push(stream.slice(0, i))
      parser.push(stream.slice(i))
      assert.deepEqual(blocks, ['retry: 5\n\n', 'id: 1\ndata: a\n\n', ': hi\n\n'])
    }
    const blocks: string[] = []
    const handlers = { onMessage() {}, onBlock: undefined as ((lines: string) => void) | undefined }
    const parser = createSseParser(handlers)
    parser.push('data: a\n')
    handlers.onBlock = lines => blocks.push(lines)
    parser.push('\ndata: b\n\n')
    assert.deepEqual(blocks, ['data: b\n\n'])
  })

  test('a CRLF that is cut in two ends one line', () => {
    assert.deepEqual(parse(['data: a\r', '\ndata: b\r', '\n\r', '\n']).messages, [data('a\nb')])
    assert.deepEqual(parse(['data: a\r', '', '\n\r']).messages, [data('a')])
  })
})
