// The certificate of the HTTPS addresses: self-signed, for localhost and 127.0.0.1, of this run only.

import { createHash, X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

export interface LocalCertificate {
  readonly key: string
  readonly cert: string
  /** Of the public key, as Chromium's --ignore-certificate-errors-spki-list takes it. */
  readonly publicKeyHash: string
}

const VALID_MS = 30 * 86_400_000

export async function createLocalCertificate(now: Date): Promise<LocalCertificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return { key, cert, publicKeyHash: createHash('sha256').update(publicKey).digest('base64') }
}
