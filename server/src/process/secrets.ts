// Unguessable names and hashes of tokens, of node:crypto. Only main.ts uses it; everything else is given Secrets.

import { createHash, randomBytes } from 'node:crypto'
import type { Secrets } from '@papertape/gateway'

export const secrets: Secrets = {
  random: (bytes, encoding) => randomBytes(bytes).toString(encoding),
  hash: token => createHash('sha256').update(token).digest('hex'),
}
