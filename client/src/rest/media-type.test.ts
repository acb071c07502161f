// Content types, with the cases of the standards, including WPT's eventsource/format-mime-*.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJson, mediaType } from './media-type.ts'

test('ignores case, spaces and parameters, and nothing else', () => {
  const streams = [
    'text/event-stream',
    'text/event-stream;',
    'text/event-stream;charset=utf-8',
    'text/event-stream ; charset="utf-8"; x=y',
    'text/event-stream;charset=windows-1252',
    'TEXT/EVENT-STREAM',
    'Text/Event-Stream; Charset=UTF-8',
    ' text/event-stream\t',
    'text/event-stream; broken',
  ]
  for (const one of streams) assert.equal(mediaType(one), 'text/event-stream', one)
  const others = [
    'text/event-streamx',
    'text/event-stream-v2',
    'xtext/event-stream',
    'text/event-stream foo',
    'text/ event-stream',
    'text/event-stream/x',
    'text/event-stream, text/html',
    'event-stream',
    'text/html; x=text/event-stream',
    '',
    null,
  ]
  for (const one of others) assert.notEqual(mediaType(one), 'text/event-stream', String(one))
})

test('recognises JSON types with and without a suffix', () => {
  for (const one of ['application/json', 'Application/JSON; charset=utf-8', 'application/problem+json', 'text/json']) {
    assert.ok(isJson(one), one)
  }
  for (const one of ['text/html; note=json', 'application/jsonp', 'application/json-seq', 'text/x-json', null]) {
    assert.ok(!isJson(one), String(one))
  }
})
