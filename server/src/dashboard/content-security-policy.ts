// The Content-Security-Policy of a page: its inline scripts by their hashes, everything else from the same origin. It
// may connect to other origins of this server, and to the loss laboratory.

import { createHash } from 'node:crypto'

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g

/** The loss laboratory (`npm run lab`) is on the reader's own machine, at ports of their choice. */
const LOSS_LAB_ADDRESSES = 'http://127.0.0.1:* https://127.0.0.1:*'

/** @returns the policy of the page, given the origins that it may connect to beside its own. */
export function contentSecurityPolicy(html: string): (origins: readonly string[]) => string {
  const hashes = [...html.matchAll(INLINE_SCRIPT)].map(([, script]) => `'sha256-${sha256(script!)}'`)
  const scripts = ["'self'", ...new Set(hashes)].join(' ')
  return origins =>
    [
      "default-src 'none'",
      `script-src ${scripts}`,
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src ${["'self'", ...origins, LOSS_LAB_ADDRESSES].join(' ')}`,
      "worker-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; ')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
