// Unguessable names, hashes of tokens and signatures, of node:crypto. Only main.ts uses the secrets; everything else is
// given them.

import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Secrets } from '@papertape/gateway'

export const secrets: Secrets = {
  random: (bytes, encoding) => randomBytes(bytes).toString(encoding),
  hash: token => createHash('sha256').update(token).digest('hex'),
}

/** HMAC-SHA256 of a text, in lower-case hex. */
export function signHmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}
