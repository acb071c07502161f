// The settings of NATS: files that are not what they are named for are reported before anything is connected.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { localCertificate } from '../http/certificate.ts'
import { createTestFolder } from '../testing/test-folder.ts'
import { natsSettings } from './nats-settings.ts'

const NONE = {
  nats: ['127.0.0.1:4222'],
  natsCredentials: '',
  natsCa: '',
  natsCert: '',
  natsKey: '',
  natsApiPrefix: '$JS.API',
}

test('are the contents of the files', async () => {
  const folder = createTestFolder('nats-settings')
  const { key, cert } = await localCertificate(folder, new Date())
  const [natsCert, natsKey] = [join(folder, 'tls-cert.pem'), join(folder, 'tls-key.pem')]
  const natsCredentials = join(folder, 'user.nk')
  writeFileSync(natsCredentials, `SU${'A'.repeat(56)}\n`)
  assert.deepEqual(natsSettings(NONE), { servers: NONE.nats, apiPrefix: '$JS.API' })
  assert.deepEqual(natsSettings({ ...NONE, natsCredentials, natsCa: natsCert, natsCert, natsKey }), {
    servers: NONE.nats,
    apiPrefix: '$JS.API',
    credentials: readFileSync(natsCredentials, 'utf8'),
    tls: { ca: cert, cert, key },
  })
})

test('name the flag of what is missing or wrong', async () => {
  const folder = createTestFolder('nats-settings')
  await localCertificate(folder, new Date())
  await localCertificate(join(folder, 'other'), new Date())
  const natsCert = join(folder, 'tls-cert.pem')
  assert.throws(() => natsSettings({ ...NONE, nats: [] }), /need --nats/)
  assert.throws(() => natsSettings({ ...NONE, natsCa: join(folder, 'none') }), /--nats-ca cannot be read/)
  assert.throws(() => natsSettings({ ...NONE, natsCert }), /--nats-cert and --nats-key go together/)
  assert.throws(
    () => natsSettings({ ...NONE, natsCert, natsKey: join(folder, 'other/tls-key.pem') }),
    /cannot be used: .*key values mismatch/,
  )
  assert.throws(() => natsSettings({ ...NONE, natsCredentials: natsCert }), /takes a credentials file or a user's seed/)
})
