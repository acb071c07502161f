// Secrets of a test: names that differ and are the same in each run.

import { createHash } from 'node:crypto'
import type { Secrets } from '../accounts/secrets.ts'

export function testSecrets(): Secrets {
  let last = 0
  return {
    random(bytes, encoding) {
      return createHash('sha256').update(String(++last)).digest().subarray(0, bytes).toString(encoding)
    },
    hash: token => createHash('sha256').update(token).digest('hex'),
  }
}
