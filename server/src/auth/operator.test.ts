// The operator: the token is stored in a file that only its owner can read; the cookie for it works for same-origin
// pages only.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { ask, OPERATOR_TOKEN, openTestApp, type TestApp } from '../testing/test-app.ts'
import { operatorToken } from './operator.ts'
import { parseTrustProxy } from './trusted-proxies.ts'

describe('the token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-operator-'))
  const file = join(folder, 'operator-token')
  after(() => rmSync(folder, { recursive: true }))

  test('is created once, in a file that only its owner can read', () => {
    const token = operatorToken(folder)
    assert.match(token, /^op_[\w-]{32}$/)
    assert.equal(operatorToken(folder), token)
    assert.deepEqual(readdirSync(folder), ['operator-token'])
    chmodSync(file, 0o644)
    assert.equal(operatorToken(folder), token)
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })

  test('is created again when the file has no token, as after a crash', () => {
    for (const text of ['', '\n', 'x', 'op_short']) {
      writeFileSync(file, text)
      assert.match(operatorToken(folder), /^op_[\w-]{32}$/)
      assert.notEqual(readFileSync(file, 'utf8'), text)
    }
  })

  test('is one for all who start together', async () => {
    const [starts, processes] = [200, 2]
    const folders = Array.from({ length: starts }, (_, n) => join(folder, `shared-${n}`))
    // Threads stand for processes; those of a start wait for each other.
    const arrived = new Int32Array(new SharedArrayBuffer(4))
    const code = `import { parentPort, workerData } from 'node:worker_threads'
      import { operatorToken } from '${new URL('./operator.ts', import.meta.url)}'
      const { folders, arrived } = workerData
      parentPort.postMessage(folders.map((folder, n) => {
        Atomics.add(arrived, 0, 1)
        while (Atomics.load(arrived, 0) < (n + 1) * ${processes});
        return operatorToken(folder)
      }))`
    const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
    const workers = Array.from({ length: processes }, () => new Worker(url, { workerData: { folders, arrived } }))
    const made = await Promise.all(workers.map(async worker => (await once(worker, 'message'))[0]))
    for (const tokens of made) assert.deepEqual(tokens, folders.map(operatorToken))
    for (const shared of folders) assert.deepEqual(readdirSync(shared), ['operator-token'])
  })

  test('is another one at each start without a data folder', () => {
    assert.notEqual(operatorToken(undefined), operatorToken(undefined))
  })
})

describe('the market', () => {
  let server: TestApp
  let own: { host: string; origin: string }
  let cookie: string
  before(async () => {
    server = await openTestApp({ access: { origins: ['https://desk.example'] } })
    own = { host: 'localhost:8080', origin: 'http://localhost:8080' }
    const { status, headers } = await logOn(own)
    assert.equal(status, 204)
    cookie = headers['set-cookie']![0]!.split(';')[0]!
  })
  after(() => server.close())
  const logOn = (headers: object, token = OPERATOR_TOKEN) =>
    ask(server, 'POST /v1/operator', { headers: { ...headers }, body: { token } })
  const control = (headers: object) =>
    ask(server, 'PATCH /v1/market', { headers: { ...headers }, body: { pace: '1x' } })

  test('is controlled with the token, except by foreign pages', async () => {
    const authorization = `Bearer ${OPERATOR_TOKEN}`
    for (const headers of [{}, own, { origin: 'https://desk.example' }]) {
      assert.equal((await control({ authorization, ...headers })).status, 200)
    }
    assert.equal((await control({ authorization, origin: 'https://evil.example' })).status, 403)
  })

  test('is not controlled with any other header or token', async () => {
    const { token } = (await ask(server, 'POST /v1/accounts')).body
    for (const headers of [
      {},
      own,
      { ...own, 'sec-fetch-site': 'same-origin' },
      { host: 'localhost', origin: 'http://localhost' },
      { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' },
      { authorization: 'Bearer ' },
      { authorization: 'Bearer op_guess' },
      { authorization: `Bearer ${OPERATOR_TOKEN}x` },
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${Buffer.from(`operator:${OPERATOR_TOKEN}`).toString('base64')}` },
      { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
    ]) {
      const { status, body } = await control(headers)
      assert.deepEqual([status, body.code], [403, 'not-operator'], JSON.stringify(headers))
    }
  })

  test('is controlled with the cookie by same-origin pages only', async () => {
    assert.equal((await control({ ...own, cookie })).status, 200)
    assert.equal((await control({ cookie, host: own.host, 'sec-fetch-site': 'same-origin' })).status, 200)
    for (const headers of [
      { cookie },
      { cookie, origin: 'https://desk.example' },
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { ...own, cookie: `${cookie.split('=')[0]}=${OPERATOR_TOKEN}` },
      { ...own, cookie: `papertape-othr-operator=${cookie.split('=')[1]}` },
    ]) {
      assert.equal((await control(headers)).status, 403, JSON.stringify(headers))
    }
  })

  test('sets an HttpOnly cookie for the token, and clears it', async () => {
    const { headers } = await logOn(own)
    const [line] = headers['set-cookie']!
    assert.match(line!, /; HttpOnly/)
    assert.match(line!, /; SameSite=Strict/)
    assert.ok(!line!.includes(OPERATOR_TOKEN), 'not the token itself')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal((await ask(server, 'GET /v1/session', { headers: { ...own, cookie } })).body.operator, true)
    assert.equal((await ask(server, 'GET /v1/session', { headers: own })).body.operator, false)
    const off = await ask(server, 'DELETE /v1/operator', { headers: { ...own, cookie } })
    assert.equal(off.status, 204)
    assert.ok(off.headers['set-cookie']!.every(text => /Max-Age=0/.test(text)))
  })

  test('sets no cookie for any other token or origin', async () => {
    for (const [headers, token, status] of [
      [own, 'op_guess', 403],
      [own, '', 403],
      [{ origin: 'https://evil.example' }, OPERATOR_TOKEN, 403],
      [{ origin: 'https://desk.example' }, OPERATOR_TOKEN, 204],
    ] as const) {
      const answer = await logOn(headers, token)
      assert.deepEqual([answer.status, answer.headers['set-cookie']], [status, undefined])
    }
  })
})

describe('behind a proxy', () => {
  const forwarded = { 'x-forwarded-host': 'tape.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' }
  const page = { origin: 'https://tape.example', 'sec-fetch-site': 'same-origin' }
  const open = (trustProxy: string) =>
    openTestApp({ access: { trustProxy: parseTrustProxy(trustProxy)!, hosts: ['tape.example'] } })

  test('the address of the client, also that of this machine, gives no rights', async () => {
    for (const trust of ['', '127.0.0.1', '1']) {
      const server = await open(trust)
      for (const headers of [forwarded, { ...forwarded, ...page }]) {
        assert.equal((await ask(server, 'PATCH /v1/market', { headers, body: { pace: '1x' } })).status, 403, trust)
        assert.equal((await ask(server, 'GET /v1/session', { headers })).body?.operator ?? false, false, trust)
      }
      await server.close()
    }
  })

  test('that is trusted the own page gets a Secure cookie, which works for the own page only', async () => {
    const server = await open('127.0.0.1')
    const own = { ...forwarded, ...page }
    const logon = await ask(server, 'POST /v1/operator', { headers: own, body: { token: OPERATOR_TOKEN } })
    const [cookie, ...others] = logon.headers['set-cookie'] ?? []
    assert.deepEqual([logon.status, others], [204, []])
    assert.match(cookie!, /^papertape-k3f9-operator-tls=.*; Secure/)
    const control = async (headers: object) =>
      (
        await ask(server, 'PATCH /v1/market', {
          headers: { ...headers, cookie: cookie!.split(';')[0] },
          body: { pace: '1x' },
        })
      ).status
    assert.equal(await control(own), 200)
    for (const headers of [
      { ...own, origin: 'http://tape.example' },
      { ...own, origin: 'https://evil.example' },
      { ...forwarded, 'sec-fetch-site': 'cross-site' },
      forwarded,
    ]) {
      assert.equal(await control(headers), 403, JSON.stringify(headers))
    }
    await server.close()
  })

  test('that is not trusted its page is a foreign one', async () => {
    const server = await open('10.0.0.1')
    const headers = { ...forwarded, ...page }
    const logon = await ask(server, 'POST /v1/operator', { headers, body: { token: OPERATOR_TOKEN } })
    assert.deepEqual([logon.status, logon.headers['set-cookie']], [403, undefined])
    await server.close()
  })
})
