// Tokens of an account on a real server: none is in the log at its most talkative or in a file of the data folder, and
// what was made and revoked holds after kill -9.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { readFlushes } from '../recovery/journal-events.ts'
import { logOn, openAccount } from '../support/channel.ts'
import { call } from '../support/rest.ts'
import { startServer } from '../support/server.ts'

it('are in no log and no file, and survive kill -9 as they were', async test => {
  const server = await startServer({ flags: ['--symbols', '1', '--log', 'debug'] })
  test.after(() => server.dispose())
  const { url } = server
  const { token } = await openAccount(url)
  const make = async (body: object) => (await call(url, 'POST /v1/account/tokens', { token, body })).body
  const [kept, revoked, reader] = [
    await make({ name: 'kept' }),
    await make({ name: 'revoked' }),
    await make({ name: 'reader', readOnly: true }),
  ]
  const statusOf = async (asked: string) => (await call(url, 'GET /v1/account', { token: asked })).status
  for (const one of [kept, revoked, reader]) {
    assert.equal(await statusOf(one.token), 200)
    assert.equal((await call(url, `GET /v1/account?token=${one.token}`)).body.code, 'token-in-url')
    const { channel } = await logOn(url, one.token)
    channel.socket.terminate()
  }
  assert.equal((await call(url, `DELETE /v1/account/tokens/${revoked.id}`, { token })).status, 204)
  await server.kill('SIGKILL')
  await server.restart()
  assert.deepEqual(await Promise.all([kept, revoked, reader].map(one => statusOf(one.token))), [200, 401, 200])
  const { tokens } = (await call(url, 'GET /v1/account/tokens', { token: reader.token })).body
  assert.deepEqual(
    tokens.map(({ name, readOnly }: { name: string; readOnly: boolean }) => [name, readOnly]),
    [
      ['first', false],
      ['kept', false],
      ['reader', true],
    ],
  )
  const log = server.output()
  await server.kill('SIGKILL')
  assert.match(log, /\/v1\/account\?token=…/, 'requests are logged')
  const files = readdirSync(server.dataFolder, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name))
  const flushes = paths.filter(path => path.includes('.flushes-')).map(readFlushes)
  const texts = [...flushes, ...paths.map(path => readFileSync(path, 'latin1'))]
  assert.ok(
    flushes.some(text => text.includes('"name":"kept"')),
    'the journal has the command',
  )
  for (const secret of [token, kept.token, revoked.token, reader.token]) {
    for (const text of [log, ...texts]) assert.ok(!text.includes(secret.slice(3)))
  }
})
