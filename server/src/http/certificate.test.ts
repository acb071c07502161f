// The local certificate: made once, kept where only its owner reads the key, made anew before it ends.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { localCertificate } from './certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'papertape-certificate-'))
after(() => rmSync(folder, { recursive: true }))
let folders = 0
const newFolder = () => join(folder, `${++folders}`, 'data')
const DAY_MS = 86_400_000
const NOW = new Date('2026-03-01T12:00:00Z')
const later = (days: number) => new Date(NOW.getTime() + days * DAY_MS)
const keyMode = (kept: string) => statSync(join(kept, 'tls-key.pem')).mode & 0o777

describe('the certificate', () => {
  test('is for this machine, for a year, and its own key signs it', async () => {
    const { key, cert } = await localCertificate(undefined, NOW)
    const read = new X509Certificate(cert)
    assert.ok(read.checkHost('localhost') && read.checkIP('127.0.0.1') && read.checkIP('::1'))
    assert.equal(read.checkHost('evil.example'), undefined)
    assert.equal(read.ca, false)
    assert.ok(read.checkPrivateKey(createPrivateKey(key)))
    assert.deepEqual([Date.parse(read.validFrom), Date.parse(read.validTo)], [NOW.getTime(), later(365).getTime()])
  })

  test('is made once and kept; only its owner reads the key', async () => {
    const kept = newFolder()
    const made = await localCertificate(kept, NOW)
    assert.equal(keyMode(kept), 0o600)
    assert.deepEqual(await localCertificate(kept, later(1)), made)
    assert.deepEqual(await localCertificate(kept, later(334)), made)
    assert.equal(readFileSync(join(kept, 'tls-cert.pem'), 'utf8'), made.cert)
  })

  test('is one for all who start together', async () => {
    const kept = newFolder()
    const made = await Promise.all(Array.from({ length: 4 }, () => localCertificate(kept, NOW)))
    for (const one of made) assert.deepEqual(one, made[0])
    const renewed = await Promise.all(Array.from({ length: 4 }, () => localCertificate(kept, later(340))))
    assert.notDeepEqual(renewed[0], made[0])
    for (const one of renewed) assert.deepEqual(one, renewed[0])
    assert.deepEqual(readdirSync(kept), ['tls-cert.pem', 'tls-key.pem'])
  })

  test('is made by the next one when whoever made it was killed, here or on a machine that shares the folder', async () => {
    const ended = spawnSync(process.execPath, ['-e', ''])
    for (const [maker, ageMs] of [
      [`${hostname()} ${ended.pid}`, 0],
      ['elsewhere 1', 61_000],
    ] as const) {
      const kept = newFolder()
      mkdirSync(kept, { recursive: true })
      const begun = join(kept, 'tls-key.pem.new')
      writeFileSync(begun, maker)
      utimesSync(begun, new Date(), new Date(Date.now() - ageMs))
      await localCertificate(kept, NOW)
      assert.deepEqual(readdirSync(kept), ['tls-cert.pem', 'tls-key.pem'])
    }
  })

  test('ends with a newline, as one that was made without it does from then on', async () => {
    const kept = newFolder()
    const { cert } = await localCertificate(kept, NOW)
    assert.match(cert, /-----END CERTIFICATE-----\n$/)
    writeFileSync(join(kept, 'tls-cert.pem'), cert.trimEnd())
    await localCertificate(kept, NOW)
    assert.equal(readFileSync(join(kept, 'tls-cert.pem'), 'utf8'), cert)
  })

  test('is made anew in its last thirty days, and kept again', async () => {
    const kept = newFolder()
    const made = await localCertificate(kept, NOW)
    const renewed = await localCertificate(kept, later(335))
    assert.notEqual(renewed.cert, made.cert)
    assert.notEqual(renewed.key, made.key)
    assert.equal(Date.parse(new X509Certificate(renewed.cert).validTo), later(335 + 365).getTime())
    assert.equal(keyMode(kept), 0o600)
    assert.deepEqual(await localCertificate(kept, later(336)), renewed)
  })

  test('is made anew when half of it is missing', async () => {
    const kept = newFolder()
    const made = await localCertificate(kept, NOW)
    rmSync(join(kept, 'tls-key.pem'))
    const renewed = await localCertificate(kept, NOW)
    assert.notEqual(renewed.cert, made.cert)
    assert.deepEqual(await localCertificate(kept, NOW), renewed)
  })
})
