// The answers: read from the address and written to it, reasons for the questions that are not asked, and the way to
// each leaf.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseTransport, TRANSPORTS } from '@papertape/protocol'
import { PANEL_NAMES } from '../../connections/panels.ts'
import { fragmentOf, nearestNeed, needQuery, QUESTIONS, readAnswers, whyNotAsked } from './answers.ts'

const TICKER = { realtime: true, bidirectional: false, streams: true }

test('what is written to the address is read from it again: each panel, and any answers', () => {
  for (const panel of PANEL_NAMES) assert.deepEqual(readAnswers(fragmentOf({ panel })), { panel })
  for (const transport of TRANSPORTS) {
    const answers = { need: nearestNeed(TICKER, transport) }
    assert.deepEqual(readAnswers(fragmentOf(answers)), answers)
  }
  assert.equal(fragmentOf({ need: TICKER }), '#need?realtime=true&bidirectional=false&streams=true')
})

test('an address without answers is the ticker; a part of the answers is completed as GET /v1/transport does', () => {
  for (const fragment of ['', '#need', '#race', '#nothing'])
    assert.deepEqual(readAnswers(fragment), { panel: 'ticker' })
  assert.deepEqual(readAnswers('#need?realtime=true'), { need: TICKER })
  assert.equal(chooseTransport({ realtime: true }).transport, chooseTransport(TICKER).transport)
  assert.equal(needQuery(TICKER), 'realtime=true&bidirectional=false&streams=true')
})

test('exactly the questions beside the path say why they do not matter, with the answer that leads away', () => {
  const why = (need: typeof TICKER) => QUESTIONS.map(([id]) => whyNotAsked(id, need))
  const elsewhere = 'Does not matter: “Must both sides speak?” is answered no.'
  assert.deepEqual(why(TICKER), [undefined, undefined, elsewhere, undefined])
  assert.deepEqual(why({ ...TICKER, bidirectional: true }), [
    undefined,
    undefined,
    undefined,
    'Does not matter: “Must both sides speak?” is answered yes.',
  ])
  const notLive = 'Does not matter: “Is real-time needed?” is answered no.'
  assert.deepEqual(why({ ...TICKER, realtime: false }), [undefined, notLive, notLive, notLive])
})

test('the way to a leaf keeps the answers that it can keep', () => {
  assert.deepEqual(nearestNeed(TICKER, 'sse'), TICKER)
  assert.deepEqual(nearestNeed(TICKER, 'websocket'), { ...TICKER, bidirectional: true })
  assert.deepEqual(nearestNeed(TICKER, 'longPoll'), { ...TICKER, streams: false })
  const chat = { ...TICKER, bidirectional: true }
  assert.deepEqual(nearestNeed(chat, 'longPoll'), { ...chat, streams: false })
  assert.deepEqual(nearestNeed(chat, 'rest'), { ...chat, realtime: false })
})
