// The self-signed certificate of the TLS port: created at the first start, stored in the data folder, renewed before it
// expires.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const VALID_DAYS = 365
const RENEW_BEFORE_MS = 30 * 86_400_000

/** @param folder where it is stored; undefined for a certificate of this run only. */
export async function localCertificate(folder: string | undefined, now: Date): Promise<Certificate> {
  if (folder === undefined) return makeCertificate(now)
  const keyFile = join(folder, 'tls-key.pem')
  const certFile = join(folder, 'tls-cert.pem')
  if (existsSync(keyFile) && existsSync(certFile)) {
    const kept = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
    // Earlier releases wrote it without its last newline.
    if (!kept.cert.endsWith('\n')) appendFileSync(certFile, '\n')
    if (isGood(kept, now)) return kept
  }
  const made = await makeCertificate(now)
  mkdirSync(folder, { recursive: true })
  writeFileSync(keyFile, made.key, { mode: 0o600 })
  chmodSync(keyFile, 0o600)
  writeFileSync(certFile, made.cert)
  return made
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
