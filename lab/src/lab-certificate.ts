// The certificate of the laboratory's HTTPS links: self-signed, for 127.0.0.1, of this run only.

import { createHash, X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

export interface LabCertificate {
  readonly key: string
  readonly cert: string
  /** Of the public key, as Chromium's --ignore-certificate-errors-spki-list takes it. */
  readonly publicKeyHash: string
}

const VALID_MS = 30 * 86_400_000

export async function createLabCertificate(now: Date): Promise<LabCertificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })
  const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return { key, cert, publicKeyHash: createHash('sha256').update(publicKey).digest('base64') }
}
