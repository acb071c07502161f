// POST /v1/lab/handshake: each trial is sent as a real request to the server's own port, and its answer reported as it
// came.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { HANDSHAKE_TRIALS, type HandshakeAnswer, type HandshakeTrial } from '@papertape/protocol'
import { handshakeText } from '../lab/handshake-trials.ts'
import { ask, openTestApp } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

/** What the server answers to each: the status, and the code of the problem. */
const ANSWERS: Readonly<Record<HandshakeTrial, readonly [status: number, code?: string]>> = {
  correct: [101],
  severalSubprotocols: [101],
  noSubprotocol: [400, 'bad-subprotocol'],
  otherSubprotocol: [400, 'bad-subprotocol'],
  noKey: [400, 'bad-request'],
  shortKey: [400, 'bad-request'],
  noVersion: [426, 'upgrade-required'],
  oldVersion: [426, 'upgrade-required'],
  noUpgrade: [426, 'upgrade-required'],
  noConnection: [426, 'upgrade-required'],
  http10: [426, 'upgrade-required'],
  foreignOrigin: [403, 'foreign-origin'],
  noHost: [400, 'bad-request'],
  unknownHost: [421, 'unknown-host'],
  wrongToken: [101],
}
/** RFC 6455 section 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

describe('a handshake that the server sends to itself', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  const post = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${server.url}/v1/lab/handshake`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const tryHandshake = async (body: object): Promise<HandshakeAnswer> => {
    const { status, text } = await post(body)
    assert.equal(status, 200, text)
    return JSON.parse(text) as HandshakeAnswer
  }
  /** Without what differs from answer to answer. */
  const lasting = (answer: string) => answer.replace(/^date: .*\r\n/im, '')

  for (const trial of HANDSHAKE_TRIALS) {
    test(`${trial} is answered as the same bytes are from outside`, async () => {
      const { request, answer } = await tryHandshake({ trial, key: KEY })
      assert.equal(request, handshakeText(trial, `localhost:${server.port}`, KEY))
      const [status, code] = ANSWERS[trial]
      assert.deepEqual([readRaw(answer).status, readRaw(answer).code], [status, code], answer)
      const direct = await exchange(server.port, request, { until: status === 101 ? /\r\n\r\n/ : /\}$/ })
      const end = status === 101 ? direct.indexOf('\r\n\r\n') + 4 : undefined
      assert.equal(lasting(answer), lasting(direct.slice(0, end)))
    })
  }

  test('that is correct is answered with the accept value of RFC 6455 for its key, and the subprotocol', async () => {
    const { answer } = await tryHandshake({ trial: 'severalSubprotocols', key: KEY })
    assert.match(answer, /^Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/m)
    assert.match(answer, /^Sec-WebSocket-Protocol: papertape\.v1\r$/m)
  })

  test('without a key has a random one', async () => {
    const keys = await Promise.all(
      [1, 2].map(async () => {
        const { request, answer } = await tryHandshake({ trial: 'correct' })
        const key = /^Sec-WebSocket-Key: (.*)\r$/m.exec(request)![1]!
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
        assert.ok(answer.includes(`Sec-WebSocket-Accept: ${accept}\r\n`), answer)
        return key
      }),
    )
    assert.notEqual(keys[0], keys[1])
  })

  test('names the version that the server takes where it is another', async () => {
    const { answer } = await tryHandshake({ trial: 'oldVersion' })
    assert.match(answer, /^sec-websocket-version: 13\r$/im)
  })

  test('is one of the list: no other trial, no key with a line end, no further field', async () => {
    for (const body of [
      { trial: 'anything' },
      { trial: 'correct', key: `${KEY}\r\nCookie: a` },
      { trial: 'correct', key: 'short' },
      { trial: 'correct', header: 'Cookie: a' },
      {},
    ]) {
      const { status, text } = await post(body)
      assert.equal(status, 400, text)
    }
  })

  test('is sent for no page of another origin, and shows nothing of the cookies of its own', async () => {
    assert.equal((await post({ trial: 'correct' }, { origin: 'https://elsewhere.example' })).status, 403)
    const { text } = await post(
      { trial: 'correct' },
      { cookie: 'papertape-k3f9=secret', authorization: 'Bearer secret' },
    )
    assert.doesNotMatch(text, /secret|cookie/i)
  })

  test('is not sent with the laboratory off', async () => {
    const off = await openTestApp({ lab: false })
    const answer = await ask(off, 'POST /v1/lab/handshake', { body: { trial: 'correct' } })
    assert.deepEqual([answer.status, answer.body.code], [403, 'lab-off'])
    await off.close()
  })

  test('is limited in its rate, with the time until the next one', async () => {
    const answers = await Promise.all(Array.from({ length: 61 }, () => post({ trial: 'noKey' })))
    const refused = answers.find(({ status }) => status === 429)
    assert.match(refused?.text ?? '', /at most 5 handshakes a second/)
    assert.equal(refused?.headers.get('retry-after'), '1')
  })
})
