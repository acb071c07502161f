// The control endpoint: what it answers, whom it refuses, in which words.

import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, describe, it } from 'node:test'
import type { LossLabAnswer } from '@papertape/protocol'
import { type Control, openControl } from './control.ts'

const ANSWER: LossLabAnswer = {
  links: {
    http1: { origin: 'http://127.0.0.1:1', absence: null },
    http2: { origin: 'https://127.0.0.1:2', absence: null },
    http3: { origin: null, absence: 'Caddy is not installed.' },
  },
  delayMs: 50,
  retransmissionMs: 200,
  browserFlags: ['--flag'],
}
const LOST = { bytes: 218, lostAtMs: 1_795_000_000_000, connections: 6 }

interface Answered {
  readonly status: number
  readonly allowed: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: answers and problems
  readonly body: any
}

describe('the control endpoint', () => {
  let control: Control
  before(async () => {
    control = await openControl({
      port: 0,
      answer: ANSWER,
      loseNext: async version => (version === 'http1' ? LOST : undefined),
    })
  })
  after(() => control.close())

  /** With any Host, which fetch does not send. */
  function ask(route: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answered> {
    const [method, path] = route.split(' ') as [string, string]
    return new Promise((resolve, reject) => {
      const request = http.request({ port: control.port, host: '127.0.0.1', method, path, headers, agent: false })
      request.once('error', reject)
      request.once('response', async response => {
        let text = ''
        for await (const chunk of response) text += chunk
        const allowed = response.headers['access-control-allow-origin']
        resolve({ status: response.statusCode!, allowed, body: JSON.parse(text) })
      })
      request.end()
    })
  }

  it('answers what is offered, to pages of this machine by name', async () => {
    for (const origin of ['http://localhost:8080', 'https://localhost:8443', 'http://127.0.0.1:9000']) {
      const { status, allowed, body } = await ask('GET /lab', { origin })
      assert.deepEqual({ status, allowed, body }, { status: 200, allowed: origin, body: ANSWER })
    }
    assert.equal((await ask('GET /lab')).status, 200)
  })

  it('loses a packet and says which', async () => {
    const { status, body } = await ask('POST /lab/drop?version=http1')
    assert.deepEqual({ status, body }, { status: 200, body: { version: 'http1', ...LOST } })
  })

  it('refuses foreign pages and names', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
      const { status, allowed, body } = await ask('POST /lab/drop?version=http1', { origin })
      assert.deepEqual(
        { status, allowed, code: body.code },
        { status: 403, allowed: undefined, code: 'foreign-origin' },
      )
    }
    const { status, body } = await ask('GET /lab', { host: 'evil.example:8090' })
    assert.deepEqual([status, body.code], [421, 'unknown-host'])
  })

  it('refuses what it cannot do in words that help', async () => {
    const cases = [
      ['POST /lab/drop?version=http3', 501, /Caddy is not installed/],
      ['POST /lab/drop?version=http2', 404, /Open https:\/\/127\.0\.0\.1:2\/stream/],
      ['POST /lab/drop?version=quic', 400, /http1, http2, http3/],
      ['POST /lab/drop', 400, /http1, http2, http3/],
      ['GET /lab/drop?version=http1', 405, /POST/],
      ['POST /lab', 405, /GET/],
      ['GET /other', 404, /GET \/lab/],
    ] as const
    for (const [route, status, detail] of cases) {
      const answered = await ask(route)
      assert.equal(answered.status, status, route)
      assert.match(answered.body.detail, detail)
    }
  })
})
