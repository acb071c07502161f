// Error codes with HTTP status, title and retry rule. The docs page lists them from this table.

/** What a client does after a failure: retry at once, retry after `retryMs`, or not at all. */
export type RetryRule = 'retry' | 'retryAfter' | 'never'

interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly retry: RetryRule
}

/**
 * Faults of the request or of the service. Sent as problem+json over HTTP and as `error` on the socket. What a room
 * refuses is not repeated by a client: whoever said it decides, and no order waits for that.
 */
export const ERRORS = {
  'bad-request': { status: 400, title: 'The request is malformed', retry: 'never' },
  'bad-json': { status: 400, title: 'The body or frame is not JSON', retry: 'never' },
  'too-deep': { status: 400, title: 'The JSON is nested too deeply', retry: 'never' },
  'bad-parameter': { status: 400, title: 'Invalid parameter value', retry: 'never' },
  'unknown-symbol': { status: 400, title: 'No such instrument', retry: 'never' },
  'range-not-satisfiable': { status: 416, title: 'The file does not have the requested range', retry: 'never' },
  'unsupported-expectation': { status: 417, title: 'The Expect header is not supported', retry: 'never' },
  'bad-subprotocol': { status: 400, title: 'The WebSocket subprotocol must be papertape.v1', retry: 'never' },
  'upgrade-required': { status: 426, title: 'This path accepts WebSocket upgrades only', retry: 'never' },
  'not-logged-on': { status: 401, title: 'A logon is required', retry: 'never' },
  'bad-token': { status: 401, title: 'Invalid token or cookie', retry: 'never' },
  'token-in-url': { status: 400, title: 'A token must not be in a URL', retry: 'never' },
  'not-testing': { status: 403, title: 'The account is not for tests', retry: 'never' },
  'read-only': { status: 403, title: 'The token may only read', retry: 'never' },
  'foreign-origin': { status: 403, title: 'The origin is not allowed', retry: 'never' },
  'not-operator': { status: 403, title: 'Only the operator may do that', retry: 'never' },
  'not-found': { status: 404, title: 'Resource not found', retry: 'never' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed for this path', retry: 'never' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', retry: 'never' },
  'unknown-order': { status: 404, title: 'No such order in this account', retry: 'never' },
  'unknown-account': { status: 404, title: 'The browser holds no such account', retry: 'never' },
  'unknown-alert': { status: 404, title: 'No such alert of this account', retry: 'never' },
  'unknown-token': { status: 404, title: 'No such token of this account', retry: 'never' },
  'unknown-subscription': { status: 404, title: 'No subscription of that name', retry: 'never' },
  'unknown-connection': { status: 404, title: 'No open connection has this key', retry: 'never' },
  'unknown-page': { status: 404, title: 'The log has no such page', retry: 'never' },
  'unknown-room': { status: 404, title: 'The room has neither members nor messages', retry: 'never' },
  'unknown-user': { status: 404, title: 'Nobody of that name is in the room', retry: 'never' },
  'not-in-room': { status: 409, title: 'The connection has not joined the room', retry: 'never' },
  'name-taken': { status: 409, title: 'Another member has that name', retry: 'never' },
  'bad-text': { status: 400, title: 'The text is not plain text of the allowed length', retry: 'never' },
  muted: { status: 403, title: 'The operator has muted this account in the room', retry: 'never' },
  'room-rate': { status: 429, title: 'Too many messages to a room', retry: 'never' },
  'too-many-rooms': { status: 409, title: 'No further room can be opened or joined', retry: 'never' },
  'room-full': { status: 503, title: 'The room has the most members that it may have', retry: 'never' },
  'lab-off': { status: 403, title: 'The laboratory is switched off', retry: 'never' },
  'too-many-accounts': { status: 409, title: 'The browser holds too many accounts', retry: 'never' },
  'too-many-tokens': { status: 409, title: 'The account has too many tokens', retry: 'never' },
  'too-large': { status: 413, title: 'The body or frame is too large', retry: 'never' },
  'uri-too-long': { status: 414, title: 'The URI is too long', retry: 'never' },
  'unsupported-media-type': { status: 415, title: 'The media type of the body is not supported', retry: 'never' },
  'unknown-host': { status: 421, title: 'Unknown host name', retry: 'never' },
  'headers-too-large': { status: 431, title: 'The header section is too large', retry: 'never' },
  'rate-limited': { status: 429, title: 'Too many requests', retry: 'retryAfter' },
  'too-many-connections': { status: 429, title: 'Too many connections from the address', retry: 'retryAfter' },
  'too-many-sessions': { status: 429, title: 'Too many sessions of the account', retry: 'retryAfter' },
  'too-many-simulations': { status: 429, title: 'Too many simulations', retry: 'retryAfter' },
  busy: { status: 503, title: 'The service is at capacity', retry: 'retryAfter' },
  starting: { status: 503, title: 'The service is starting', retry: 'retryAfter' },
  closing: { status: 503, title: 'The service is shutting down', retry: 'retryAfter' },
  'not-implemented': { status: 501, title: 'Not implemented by the service', retry: 'never' },
  internal: { status: 500, title: 'Internal error', retry: 'retryAfter' },
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof ERRORS

/** What to do after an error; undefined for a code that this version does not know. */
export function retryAfterError(code: string): RetryRule | undefined {
  return Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode].retry : undefined
}
