// The self-signed certificate of the TLS port: created at the first start, stored in the data folder, renewed before it
// expires.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const VALID_DAYS = 365
const RENEW_BEFORE_MS = 30 * 86_400_000
const MAKING_MAX_MS = 60_000
const LOOK_EACH_MS = 50

/**
 * Gateways that share a data folder have one certificate, also when they start together: one makes it, the others wait.
 * @param folder where it is stored; undefined for a certificate of this run only.
 */
export async function localCertificate(folder: string | undefined, now: Date): Promise<Certificate> {
  if (folder === undefined) return makeCertificate(now)
  mkdirSync(folder, { recursive: true })
  const newKeyFile = join(folder, 'tls-key.pem.new')
  for (;;) {
    const kept = readKept(folder, now)
    if (kept !== undefined) return kept
    if (begins(newKeyFile)) break
    await delay(LOOK_EACH_MS)
  }
  const made = await makeCertificate(now)
  writeFileSync(newKeyFile, made.key)
  writeFileSync(join(folder, 'tls-cert.pem'), made.cert)
  renameSync(newKeyFile, join(folder, 'tls-key.pem'))
  return made
}

function readKept(folder: string, now: Date): Certificate | undefined {
  const [keyFile, certFile] = [join(folder, 'tls-key.pem'), join(folder, 'tls-cert.pem')]
  if (!existsSync(keyFile) || !existsSync(certFile)) return undefined
  const kept = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
  // Earlier releases wrote it without its last newline.
  if (!kept.cert.endsWith('\n')) appendFileSync(certFile, '\n')
  return isGood(kept, now) ? kept : undefined
}

/** @returns false while another process makes one. */
function begins(newKeyFile: string): boolean {
  try {
    writeFileSync(newKeyFile, `${hostname()} ${process.pid}`, { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (hasEnded(newKeyFile)) rmSync(newKeyFile, { force: true })
    return false
  }
}

/** Whoever was making a certificate has ended without. */
function hasEnded(newKeyFile: string): boolean {
  try {
    const [host, pid] = readFileSync(newKeyFile, 'utf8').split(' ')
    if (Date.now() - statSync(newKeyFile).mtimeMs > MAKING_MAX_MS) return true
    if (host === hostname()) process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** False also for a damaged pair. */
function isGood({ key, cert }: Certificate, now: Date): boolean {
  try {
    const certificate = new X509Certificate(cert)
    const isLongValid = Date.parse(certificate.validTo) - now.getTime() > RENEW_BEFORE_MS
    return isLongValid && certificate.checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

async function makeCertificate(now: Date): Promise<Certificate> {
  // Loaded when it is needed, once a year: it has two hundred files.
  const { generate } = await import('selfsigned')
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + VALID_DAYS * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  // PEM files are concatenated: each ends with a newline.
  return { key, cert: cert.endsWith('\n') ? cert : `${cert}\n` }
}
