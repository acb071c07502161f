// Error codes with HTTP status, title and retry rule. The docs page lists them from this table.

/** What a client does after a failure: retry at once, retry after `retryMs`, or not at all. */
export type RetryRule = 'retry' | 'retryAfter' | 'never'

interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly retry: RetryRule
}

/** Faults of the request or of the service. Sent as problem+json over HTTP and as `error` on the socket. */
export const ERRORS = {
  'bad-request': { status: 400, title: 'The request is malformed', retry: 'never' },
  'bad-json': { status: 400, title: 'The body or frame is not JSON', retry: 'never' },
  'bad-parameter': { status: 400, title: 'A parameter has a value it cannot have', retry: 'never' },
  'unknown-symbol': { status: 400, title: 'No such instrument', retry: 'never' },
  'range-not-satisfiable': { status: 416, title: 'The file has no such bytes', retry: 'never' },
  'unsupported-expectation': { status: 417, title: 'The service meets no such expectation', retry: 'never' },
  'bad-subprotocol': { status: 400, title: 'The socket speaks papertape.v1 only', retry: 'never' },
  'upgrade-required': { status: 426, title: 'This address takes WebSocket upgrades only', retry: 'never' },
  'not-logged-on': { status: 401, title: 'The command needs a logon first', retry: 'never' },
  'bad-token': { status: 401, title: 'The token or cookie is not valid', retry: 'never' },
  'foreign-origin': { status: 403, title: 'This origin may not do that', retry: 'never' },
  'not-operator': { status: 403, title: 'Only the operator may do that', retry: 'never' },
  'not-found': { status: 404, title: 'There is nothing at this address', retry: 'never' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method', retry: 'never' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', retry: 'never' },
  'unknown-order': { status: 404, title: 'No such order in this account', retry: 'never' },
  'unknown-subscription': { status: 404, title: 'No subscription of that name', retry: 'never' },
  'too-large': { status: 413, title: 'The body or frame is too large', retry: 'never' },
  'uri-too-long': { status: 414, title: 'The address is too long', retry: 'never' },
  'unsupported-media-type': { status: 415, title: 'The body has a media type that is not taken here', retry: 'never' },
  'unknown-host': { status: 421, title: 'The service does not answer under this host name', retry: 'never' },
  'headers-too-large': { status: 431, title: 'The header section is too large', retry: 'never' },
  'rate-limited': { status: 429, title: 'Too many commands', retry: 'retryAfter' },
  'too-many-sessions': { status: 429, title: 'The account has as many sessions as it may', retry: 'retryAfter' },
  busy: { status: 503, title: 'The service is at its limit', retry: 'retryAfter' },
  closing: { status: 503, title: 'The service is going away', retry: 'retryAfter' },
  'not-implemented': { status: 501, title: 'The service does not implement that', retry: 'never' },
  internal: { status: 500, title: 'A fault of the service', retry: 'retryAfter' },
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof ERRORS
