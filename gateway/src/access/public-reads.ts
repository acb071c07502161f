// What pages of any origin may read, and the CORS headers that say so (Fetch standard). Pure; knows no origins.

const PUBLIC_READS = ['instruments', 'candles', 'quotes', 'news', 'stream', 'poll', 'log', 'transport']
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']
const PREFLIGHT_AGE_S = 86_400
/** Response headers that a page may read beside those on the CORS safelist. */
export const EXPOSED_HEADERS =
  'etag, retry-after, ratelimit, ratelimit-policy, www-authenticate, allow, location, traceparent'
/** Request headers that a page of any origin may send; those of tracing, which libraries add to each request, too. */
export const PUBLIC_HEADERS = [
  'last-event-id',
  'cache-control',
  'content-type',
  'if-none-match',
  'x-requested-with',
  'traceparent',
  'tracestate',
]

/** `site`: not part of the API. @param path without the base path and the query. */
export function accessOf(path: string): 'public' | 'private' | 'site' {
  const [root, version, name] = path.split('/')
  if (root !== '' || version !== 'v1') return 'site'
  return PUBLIC_READS.includes(name!) ? 'public' : 'private'
}

export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.includes(method)
}

/** Of the answer to a preflight. */
export function preflightHeaders(methods: readonly string[], headers: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': headers.join(', '),
    'access-control-max-age': String(PREFLIGHT_AGE_S),
  }
}
