// Bugs of the server: who may do what, limits, back-pressure, close codes, order sessions, the journal on disk.

import type { Mutant } from '../mutant.ts'

export const SERVER: readonly Mutant[] = [
  {
    breaks: 'a reader of SSE that does not read fills the memory',
    file: 'server/src/transports/sse.ts',
    text: 'return this.hasRoom',
    replacement: 'return true',
  },
  {
    breaks: 'a subscription of a socket that does not read fills the memory',
    file: 'server/src/transports/socket-feed.ts',
    text: 'return this.hasRoom',
    replacement: 'return true',
  },
  {
    breaks: 'a message of 126 bytes is a malformed frame',
    file: 'server/src/transports/socket-feed.ts',
    text: 'if (payloadBytes < 126)',
    replacement: 'if (payloadBytes <= 126)',
  },
  {
    breaks: 'an order channel that does not read fills the memory',
    file: 'server/src/transports/socket-connection.ts',
    text: `    if (this.#socket.bufferedAmount > BUFFERED_BYTES_MAX) this.closeLagging()
`,
    replacement: '',
  },
  {
    breaks: 'a dead peer holds its connection, and its orders stay in the book',
    file: 'server/src/transports/socket-connection.ts',
    text: 'if (this.#transport.writableLength === 0) this.#socket.terminate()',
    replacement: 'if (this.#transport.writableLength === 0) this.#isPongDue = false',
  },
  {
    breaks: 'a flood of messages is never closed',
    file: 'server/src/transports/order-channel.ts',
    text: `queueMicrotask(() => this.#connection.closeFlood('tooManyMessages'))`,
    replacement: 'queueMicrotask(() => {})',
  },
  {
    breaks: 'a flood of malformed messages is never closed',
    file: 'server/src/transports/order-channel.ts',
    text: 'if (this.#malformed.add(this.#options.clock.nowMs())) this',
    replacement: 'if (this.#malformed.add(Number.NaN)) this',
  },
  {
    breaks: 'a connection that never logs on stays open',
    file: 'server/src/transports/order-channel.ts',
    text: 'if (!this.#session.isLoggedOn && this.#subscriptions.isEmpty)',
    replacement: 'if (!this.#session.isLoggedOn && !this.#subscriptions.isEmpty)',
  },
  {
    breaks: 'a message is handled before the one before it is done',
    file: 'server/src/transports/order-channel.ts',
    text: `      await this.#handle(message)
`,
    replacement: `      void this.#handle(message)
`,
  },
  {
    breaks: 'a long poll waits as long as it asks for',
    file: 'server/src/transports/long-poll.ts',
    text: 'return Math.min(wait, WAIT_MAX_S)',
    replacement: 'return wait',
  },
  {
    breaks: 'a poll whose reader has gone keeps its place',
    file: 'server/src/transports/long-poll.ts',
    text: `reply.raw.once('close', () => poll.close())`,
    replacement: `reply.raw.once('close', () => {})`,
  },
  {
    breaks: 'a reader gets events at any rate that it asks for',
    file: 'server/src/transports/feed-request.ts',
    text: 'maxHz <= MAX_HZ.most) return maxHz',
    replacement: 'maxHz <= 1e6) return maxHz',
  },
  {
    breaks: 'the rate limit never limits',
    file: 'server/src/limits/rate-limit.ts',
    text: `      this.#tokens -= 1
`,
    replacement: '',
  },
  {
    breaks: 'a subscriber of IPv6 has a limit for each of its addresses',
    file: 'server/src/limits/keyed-rate-limit.ts',
    text: '.slice(0, 4)',
    replacement: '.slice(0, 8)',
  },
  {
    breaks: 'orders by REST pass no rate limit',
    file: 'server/src/routes/accounts.ts',
    text: `    commands.take(accountId)
`,
    replacement: '',
  },
  {
    breaks: 'an order that the exchange rejects is answered with 200',
    file: 'server/src/routes/accounts.ts',
    text: '.code(422)',
    replacement: '.code(200)',
  },
  {
    breaks: 'the account of a page is set as the cookie of any asker',
    file: 'server/src/routes/accounts.ts',
    text: "(site === undefined && originKind === 'own')",
    replacement: 'site === undefined',
  },
  {
    breaks: 'scripts of a page can read the cookie of its account',
    file: 'server/src/auth/identity.ts',
    text: 'httpOnly: true',
    replacement: 'httpOnly: false',
  },
  {
    breaks: 'the journal holds the tokens of all accounts',
    file: 'server/src/auth/account-tokens.ts',
    text: `return createHash('sha256').update(token).digest('hex')`,
    replacement: 'return token',
  },
  {
    breaks: 'a page of another site steers the market with the cookie of the operator',
    file: 'server/src/auth/operator.ts',
    text: 'cookie !== undefined && isOwnPage(request) && equal',
    replacement: 'cookie !== undefined && equal',
  },
  {
    breaks: 'the operator has no rights behind a proxy with a name of its own',
    file: 'server/src/auth/origins.ts',
    text: 'isSameOrigin(origin, request.host, forwardedScheme(request))',
    replacement: 'isSameOrigin(origin, String(request.headers.host), forwardedScheme(request))',
  },
  {
    breaks: 'anyone who sends X-Forwarded-Proto is believed',
    file: 'server/src/auth/origins.ts',
    text: 'isForwarded && request.server.trustsPeer(request.socket?.remoteAddress) ?',
    replacement: 'isForwarded ?',
  },
  {
    breaks: 'a page of a longer name than a listed one may do what that may',
    file: 'server/src/auth/origins.ts',
    text: `return listed.includes(origin) ? 'listed' : 'foreign'`,
    replacement: `return listed.some(one => origin.startsWith(one)) ? 'listed' : 'foreign'`,
  },
  {
    breaks: 'one hop more than there are proxies is believed',
    file: 'server/src/auth/trusted-proxies.ts',
    text: 'hop < count',
    replacement: 'hop <= count',
  },
  {
    breaks: 'a page whose name was pointed to this address is taken for our own',
    file: 'server/src/auth/hosts.ts',
    text: '|| listed.includes(name)',
    replacement: '|| listed.length === 0 || listed.includes(name)',
  },
  {
    breaks: 'a reader that was too slow may not come back',
    file: 'server/src/orders/close-causes.ts',
    text: 'lagging: { code: 4408',
    replacement: 'lagging: { code: 4409',
  },
  {
    breaks: 'an account has one session more than it may',
    file: 'server/src/orders/session-registry.ts',
    text: 'sessions.size >= SESSIONS_MAX',
    replacement: 'sessions.size > SESSIONS_MAX',
  },
  {
    breaks: 'the end of a connection closes the session that another has taken over',
    file: 'server/src/orders/session-registry.ts',
    text: 'if (sessions?.get(sessionId) !== holder) return',
    replacement: 'if (sessions === undefined) return',
  },
  {
    breaks: 'a private event is sent twice around a resume',
    file: 'server/src/orders/order-session.ts',
    text: `    if (event.seq <= this.#sentSeq) return
`,
    replacement: '',
  },
  {
    breaks: 'a resume of more than one page stops after the first',
    file: 'server/src/orders/order-session.ts',
    text: 'if (page.length < RESEND_PAGE) return next - 1',
    replacement: 'if (page.length <= RESEND_PAGE) return next - 1',
  },
  {
    breaks: 'orders of a lost connection stay although they should be canceled',
    file: 'server/src/orders/order-session.ts',
    text: `if (this.#loggedOut || this.#cancelOnDisconnect === 'none') return`,
    replacement: `if (this.#loggedOut || this.#cancelOnDisconnect !== 'account') return`,
  },
  {
    breaks: 'a request is answered under the id of another',
    file: 'server/src/orders/parse-message.ts',
    text: '(Number.isSafeInteger(requestId) && isWrittenWhole(text))',
    replacement: 'Number.isSafeInteger(requestId)',
  },
  {
    breaks: 'an internal error shows what is inside',
    file: 'server/src/plugins/problems.ts',
    text: `'the service failed on this request; it has been logged'`,
    replacement: 'error.message',
  },
  {
    breaks: 'a failed flush stays in the journal in part',
    file: 'server/src/journal/sqlite-journal.ts',
    text: `this.#db.exec('ROLLBACK')`,
    replacement: `this.#db.exec('COMMIT')`,
  },
  {
    breaks: 'a damaged event is published as it is',
    file: 'server/src/journal/sqlite-journal.ts',
    text: `  requireChecksum([seq, event, symbol], data, crc, seq, \`event \${seq}\`)
`,
    replacement: '',
  },
  {
    breaks: 'a command that was changed on disk is applied',
    file: 'server/src/journal/sqlite-journal.ts',
    text: 'if (chain !== nextInChain(before.chain, body)) {',
    replacement: `if (chain === '') {`,
  },
  {
    breaks: 'a journal that lost confirmed commands is opened',
    file: 'server/src/journal/open-journal.ts',
    text: 'if (tail.number > number) {',
    replacement: 'if (tail.number > number + 1_000_000) {',
  },
  {
    breaks: 'a write that is cut by a power failure loses the record before it',
    file: 'server/src/journal/tail-record.ts',
    text: '(this.#write % 2) * SLOT_BYTES',
    replacement: '0',
  },
  {
    breaks: 'a new dashboard is not seen for a year',
    file: 'server/src/dashboard/static-site.ts',
    text: `this.name.startsWith('_next/static/')`,
    replacement: 'this.name.length > 0',
  },
]
