// Names and tokens of a market in a page or a test: the same for the same seed, so that a test is the same twice. They
// protect nothing: nobody else can reach the market.

import type { Secrets } from '@papertape/gateway'

const DIGITS = {
  hex: '0123456789abcdef',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
}
const BITS = { hex: 4, base64url: 6 }

export function createSecrets(random: () => number): Secrets {
  return {
    random(bytes, encoding) {
      const digits = DIGITS[encoding]
      const length = Math.ceil((bytes * 8) / BITS[encoding])
      return Array.from({ length }, () => digits[Math.floor(random() * digits.length)]).join('')
    },
    // The journal is the page's own memory, as the token is.
    hash: token => token,
  }
}
