// Bugs of the server: who may do what, back-pressure, the journal on disk.

import type { Mutant } from '../mutant.ts'

export const SERVER: readonly Mutant[] = [
  {
    breaks: 'a reader of SSE that does not read fills the memory',
    file: 'server/src/transports/sse-response.ts',
    text: 'return this.hasRoom',
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
    text: `reply.raw.once('close', () => poll.close())`,
    replacement: `reply.raw.once('close', () => {})`,
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
    file: 'server/src/journal/sqlite-journal.ts',
    text: 'this.#staged.add(number, rowsAfter(flush, movedTo))',
    replacement: 'this.#staged.add(number, flush)',
  },
  {
    breaks: 'staged rows are deleted before they are moved',
    file: 'server/src/journal/sqlite-journal.ts',
    text: 'this.#forgetStaged!.run(this.#staged.firstNumber)',
    replacement: 'this.#forgetStaged!.run(this.#staged.nextNumber)',
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
    text: 'const id = ids.get(clientOrderId)\n    const row',
    replacement: `const id = ids.get('')\n    const row`,
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
]
