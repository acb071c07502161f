// Bugs of the server: who may do what, back-pressure, the journal on disk.

import type { Mutant } from '../mutant.ts'

export const SERVER: readonly Mutant[] = [
  {
    breaks: 'a reader of SSE that does not read fills the memory',
    file: 'server/src/transports/sse-response.ts',
    text: 'return isInTime() && to.writableLength <= BUFFERED_BYTES_MAX',
    replacement: 'return true',
  },
  {
    breaks: 'a subscription of a socket that does not read fills the memory',
    file: 'server/src/transports/socket-wires.ts',
    text: 'return this.hasRoom',
    replacement: 'return true',
  },
  {
    breaks: 'a message of 126 bytes is a malformed frame',
    file: 'server/src/transports/socket-wires.ts',
    text: 'if (payloadBytes < 126)',
    replacement: 'if (payloadBytes <= 126)',
  },
  {
    breaks: 'an order channel that does not read fills the memory',
    file: 'server/src/transports/socket-connection.ts',
    text: `    if (this.#socket.bufferedAmount + waitingBytes > BUFFERED_BYTES_MAX) this.closeLagging()
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
    breaks: 'a long poll waits as long as it asks for',
    file: 'gateway/src/feed/prepare-poll.ts',
    text: 'return Math.min(wait, WAIT_MAX_S)',
    replacement: 'return wait',
    testedIn: 'server',
  },
  {
    breaks: 'a poll whose reader has gone keeps its place',
    file: 'server/src/transports/long-poll.ts',
    text: `      forget()
      poll.close()
`,
    replacement: `      forget()
`,
  },
  {
    breaks: 'a subscriber of IPv6 has a limit for each of its addresses',
    file: 'server/src/auth/address-key.ts',
    text: '.slice(0, 4)',
    replacement: '.slice(0, 8)',
  },
  {
    breaks: 'the account of a page is set as the cookie of any asker',
    file: 'server/src/routes/register-routes.ts',
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
    file: 'server/src/process/secrets.ts',
    text: `hash: token => createHash('sha256').update(token).digest('hex')`,
    replacement: 'hash: token => token',
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
    breaks: 'rows that were moved to their tables are staged again after a kill',
    file: 'server/src/journal/staged-table.ts',
    text: 'const left = rowsAfter(flush, movedTo)',
    replacement: 'const left = flush',
  },
  {
    breaks: 'staged rows are deleted before they are moved',
    file: 'server/src/journal/staged-table.ts',
    text: 'this.#delete!.run(this.rows.firstNumber)',
    replacement: 'this.#delete!.run(this.rows.nextNumber)',
  },
  {
    breaks: 'one busy account holds up the staged rows of all others',
    file: 'server/src/journal/staged-rows.ts',
    text: ' || this.firstNumber <= this.#number - 2 * FLUSHES_MAX',
    replacement: '',
  },
  {
    breaks: 'a repair takes no private events from the commands',
    file: 'server/src/journal/repair.ts',
    text: 'replayed.set(envelope.accountId, events)',
    replacement: '',
  },
  {
    breaks: 'an order whose end is staged is not found',
    file: 'server/src/journal/order-table.ts',
    text: 'const end = this.#staged.of(accountId).ends.get(number)\n    if',
    replacement: 'const end = undefined as StagedEnd | undefined\n    if',
  },
  {
    breaks: 'an id that is staged can be used twice',
    file: 'server/src/journal/order-table.ts',
    text: 'const id = ids.get(clientOrderId)\n    const answer',
    replacement: `const id = ids.get('')\n    const answer`,
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
  {
    breaks: 'a stream that is cut ends as any other',
    file: 'server/src/transports/sse-response.ts',
    text: 'else response.socket.resetAndDestroy()',
    replacement: 'else response.end()',
  },
  {
    breaks: 'the key of a stream that has ended stays known',
    file: 'server/src/transports/sse.ts',
    text: 'if (lab !== undefined) connections?.remove(lab)',
    replacement: '',
  },
  {
    breaks: 'pieces of a chunk on a slow link are not the chunk',
    file: 'gateway/src/feed/stream-response.ts',
    text: 'bytes.subarray(at(n), at(n + 1))',
    replacement: 'bytes.subarray(at(n), at(n + 1) - 1)',
  },
  {
    breaks: 'a subscription that has ended is sent what waited for it',
    file: 'gateway/src/channel/paced-wires.ts',
    text: 'opened.get(subscription)?.close()',
    replacement: '',
  },
  {
    breaks: 'a connection that lags with little waiting gets no reason',
    file: 'server/src/transports/socket-connection.ts',
    text: 'if (this.#transport.writableNeedDrain) this',
    replacement: 'if (this.#transport.writableLength > 0) this',
  },
  {
    breaks: 'what a slow link holds is lost with the close',
    file: 'server/src/transports/socket-connection.ts',
    text: 'if (this.#options.pace?.isWhole === true) this.#options.pace.restore()',
    replacement: '',
  },
  {
    breaks: 'a connection that has ended still counts as open',
    file: 'server/src/metrics/connection-counts.ts',
    text: 'open.value--',
    replacement: '',
  },
  {
    breaks: 'a WebSocket that violates the protocol counts as lost',
    file: 'server/src/transports/counted-socket.ts',
    text: 'this.#sentCode ??= code',
    replacement: '',
  },
  {
    breaks: 'a bucket of a histogram has its own values only',
    file: 'server/src/metrics/exposition.ts',
    text: 'total += count',
    replacement: 'total = count',
  },
  {
    breaks: 'a trace context with an id of zeros is sent back',
    file: 'server/src/plugins/trace-context.ts',
    text: '(?!0{32})',
    replacement: '',
  },
  {
    breaks: 'a service that closes is ready',
    file: 'server/src/app.ts',
    text: 'isClosing: () => drain.isClosing',
    replacement: 'isClosing: () => false',
  },
  {
    breaks: 'connections are notified at once when the service is to stop',
    file: 'server/src/connections/drain.ts',
    text: 'waiting.length * PER_CONNECTION_MS',
    replacement: '0',
  },
  {
    breaks: 'a stream ends for its age while it could not come back',
    file: 'server/src/connections/rotation.ts',
    text: 'if (!takesNewcomers()) return',
    replacement: '',
  },
  {
    breaks: 'a peer that reads slowly is written to without end',
    file: 'server/src/delivery/delivery-progress.ts',
    text: 'return !this.isOnProbation(nowMs) || !this.isBusy',
    replacement: 'return true',
  },
  {
    breaks: 'a peer that is far away is late',
    file: 'server/src/delivery/delivery-progress.ts',
    text: 'const bestMs = Number.isFinite(leastMs) ? leastMs : 0',
    replacement: 'const bestMs = 0',
  },
  {
    breaks: 'the answers to pings of the feed spend the rate of a client',
    file: 'server/src/delivery/read-pings.ts',
    text: 'return isAnswer',
    replacement: 'return false',
  },
  {
    breaks: 'an EventSource is answered before the service is open, and never comes back',
    file: 'server/src/http/startup-probes.ts',
    text: 'if (path !== PROBES.ready && path !== PROBES.readyShort) return undefined',
    replacement: '',
  },
]
