// Bugs of the gateway: limits, close codes, order sessions, what requests are answered with.

import type { Mutant } from '../mutant.ts'

export const GATEWAY: readonly Mutant[] = [
  {
    breaks: 'a flood of messages is never closed',
    file: 'gateway/src/channel/channel-endpoint.ts',
    text: 'if (this.#overRate.add(this.#deps.clock.nowMs()))',
    replacement: 'if (this.#overRate.add(Number.NaN))',
    testedIn: 'server',
  },
  {
    breaks: 'a flood of malformed messages is never closed',
    file: 'gateway/src/channel/channel-endpoint.ts',
    text: 'if (this.#malformed.add(nowMs)) this',
    replacement: 'if (this.#malformed.add(Number.NaN)) this',
    testedIn: 'server',
  },
  {
    breaks: 'a connection that never logs on stays open',
    file: 'gateway/src/channel/channel-endpoint.ts',
    text: 'if (!this.#isLoggedOn && this.#subscriptions.isEmpty)',
    replacement: 'if (!this.#isLoggedOn && !this.#subscriptions.isEmpty)',
    testedIn: 'server',
  },
  {
    breaks: 'a message is handled before the one before it is done',
    file: 'gateway/src/channel/channel-endpoint.ts',
    text: `      await this.#handle(message)
`,
    replacement: `      void this.#handle(message)
`,
    testedIn: 'server',
  },
  {
    breaks: 'a reader gets events at any rate that it asks for',
    file: 'gateway/src/feed/feed-request.ts',
    text: 'maxHz <= MAX_HZ.most) return maxHz',
    replacement: 'maxHz <= 1e6) return maxHz',
  },
  {
    breaks: 'the rate limit never limits',
    file: 'gateway/src/limits/rate-limit.ts',
    text: `      this.#tokens -= 1
`,
    replacement: '',
  },
  {
    breaks: 'orders by REST pass no rate limit',
    file: 'gateway/src/routes/accounts.ts',
    text: `    takeFrom(commands, 'commands', account, sender)
`,
    replacement: '',
    testedIn: 'server',
  },
  {
    breaks: 'an order that the exchange rejects is answered with 200',
    file: 'gateway/src/routes/route-parts.ts',
    text: 'return { status: 422,',
    replacement: 'return { status: 200,',
    testedIn: 'server',
  },
  {
    breaks: 'a reader that was too slow may not come back',
    file: 'gateway/src/orders/close-causes.ts',
    text: 'lagging: { code: 4408',
    replacement: 'lagging: { code: 4409',
  },
  {
    breaks: 'an account has one session more than it may',
    file: 'gateway/src/orders/session-registry.ts',
    text: 'sessions.size >= SESSIONS_MAX',
    replacement: 'sessions.size > SESSIONS_MAX',
  },
  {
    breaks: 'the end of a connection closes the session that another has taken over',
    file: 'gateway/src/orders/session-registry.ts',
    text: 'if (sessions?.get(sessionId) !== holder) return',
    replacement: 'if (sessions === undefined) return',
  },
  {
    breaks: 'a private event is sent twice around a resume',
    file: 'gateway/src/orders/order-session.ts',
    text: `    if (seq <= this.#sentSeq) return
`,
    replacement: '',
  },
  {
    breaks: 'a resume of more than one page stops after the first',
    file: 'gateway/src/orders/order-session.ts',
    text: 'if (page.length < RESEND_PAGE) return next - 1',
    replacement: 'if (page.length <= RESEND_PAGE) return next - 1',
  },
  {
    breaks: 'orders of a lost connection stay although they should be canceled',
    file: 'gateway/src/orders/order-session.ts',
    text: `if (!this.#loggedOut && this.#cancelOnDisconnect !== 'none')`,
    replacement: `if (!this.#loggedOut && this.#cancelOnDisconnect === 'account')`,
  },
  {
    breaks: 'a request is answered under the id of another',
    file: 'gateway/src/orders/parse-message.ts',
    text: '(Number.isSafeInteger(requestId) && isWrittenWhole(text))',
    replacement: 'Number.isSafeInteger(requestId)',
  },
  {
    breaks: 'an account stream skips what was published while its reader had no room',
    file: 'gateway/src/account-stream/account-reader.ts',
    text: `    this.#headSeq = seq
`,
    replacement: '',
  },
  {
    breaks: 'a revoked token keeps its open connections',
    file: 'gateway/src/accounts/accounts.ts',
    text: `    this.#holders.end(tokenId)
`,
    replacement: '',
    testedIn: 'server',
  },
  {
    breaks: 'a read-only token trades over the socket',
    file: 'gateway/src/orders/order-session.ts',
    text: `    requireTrading(account)
    if (message.type === 'order.place')`,
    replacement: "    if (message.type === 'order.place')",
    testedIn: 'server',
  },
  {
    breaks: 'any account may script its orders',
    file: 'gateway/src/scripts/check-directive.ts',
    text: 'if (testing === true) return',
    replacement: 'if (testing !== null) return',
    testedIn: 'server',
  },
  {
    breaks: 'an answer that a script loses is sent',
    file: 'gateway/src/scripts/answer-queue.ts',
    text: 'answer.lose()',
    replacement: 'answer.send()',
    testedIn: 'server',
  },
  {
    breaks: 'what comes behind a delayed answer is not sent after it',
    file: 'gateway/src/scripts/answer-queue.ts',
    text: `    this.#take()
    this.#next()
`,
    replacement: `    this.#take()
`,
    testedIn: 'server',
  },
  {
    breaks: 'an order that is sent again over REST loses its answer again',
    file: 'gateway/src/routes/accounts.ts',
    text: 'isFirst(received) ? (ackScriptOf(body) ?? {}) : {}',
    replacement: 'ackScriptOf(body) ?? {}',
    testedIn: 'server',
  },
  {
    breaks: 'the loss of a session overtakes its orders',
    file: 'gateway/src/delays/command-delays.ts',
    text: `  'session.lose',
`,
    replacement: '',
    testedIn: 'server',
  },
  {
    breaks: 'an account that is not for tests may have a profile',
    file: 'gateway/src/routes/account/profile.ts',
    text: `    requireTesting(account, 'a profile')
`,
    replacement: '',
    testedIn: 'server',
  },
  {
    breaks: 'a page of the log with a hole is kept by caches',
    file: 'gateway/src/routes/market-data/log.ts',
    text: 'if (events.length !== to - from + 1)',
    replacement: 'if (events.length > to - from + 1)',
    testedIn: 'server',
  },
]
