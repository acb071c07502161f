// Bugs of the client library: retries, outcomes of orders, resuming, close codes.

import type { Mutant } from '../mutant.ts'

export const CLIENT: readonly Mutant[] = [
  {
    breaks: 'an answer of HTTP 500 is final',
    file: 'client/src/rest/problem.ts',
    text: 'return status >= 500 || RETRYABLE.has(status)',
    replacement: 'return status > 500 || RETRYABLE.has(status)',
  },
  {
    breaks: 'too many requests is final',
    file: 'client/src/rest/problem.ts',
    text: 'new Set([408, 425, 429])',
    replacement: 'new Set([408, 425])',
  },
  {
    breaks: 'a Retry-After of seconds is taken for milliseconds',
    file: 'client/src/rest/problem.ts',
    text: 'return Number(header) * 1_000',
    replacement: 'return Number(header)',
  },
  {
    breaks: 'a cancel of all orders is repeated after a loss, and cancels the orders since',
    file: 'client/src/orders/request-table.ts',
    text: `if (pending.ifLost === 'resend') this.#markUnknown(pending, LOST)`,
    replacement: `if (pending.ifLost !== 'fail') this.#markUnknown(pending, LOST)`,
  },
  {
    breaks: 'the refusal of a change is final while the change, sent again, may yet be carried out',
    file: 'client/src/orders/request-table.ts',
    text: `if (answer.type === 'cancel.reject' && sentId !== sentIdOf(pending)) return undefined`,
    replacement: '',
  },
  {
    breaks: 'an order that was sent is reported as never sent when the channel closes',
    file: 'client/src/orders/request-table.ts',
    text: `if ((inFlight || mayHaveRun) && ifLost !== 'fail')`,
    replacement: `if (mayHaveRun && ifLost !== 'fail')`,
  },
  {
    breaks: 'orders for the market of before are sent to another market',
    file: 'client/src/orders/request-table.ts',
    text: `      this.fail(requestId, new ChannelError('market-replaced', text))
`,
    replacement: '',
  },
  {
    breaks: 'an order of minutes ago is sent after a reconnect',
    file: 'client/src/orders/request-table.ts',
    text: `this.fail(requestId, new ChannelError('timeout',`,
    replacement: `if (pending.inFlight) this.fail(requestId, new ChannelError('timeout',`,
  },
  {
    breaks: 'a fill of another order answers a command whose answer was lost',
    file: 'client/src/orders/request-table.ts',
    text: `if (type === 'order.place') return clientOrderId === command.clientOrderId`,
    replacement: `if (type === 'order.place') return execType === 'fill' || clientOrderId === command.clientOrderId`,
  },
  {
    breaks: 'a final close code is followed by a reconnect',
    file: 'client/src/orders/channel-machine.ts',
    text: `if (rule === 'never') return finish(state, at, reason)
`,
    replacement: '',
  },
  {
    breaks: 'an event is delivered twice after a resume',
    file: 'client/src/feed/resume-position.ts',
    text: 'at.seq <= held.seq : at.seq < held.seq',
    replacement: 'at.seq < held.seq : at.seq < held.seq',
  },
  {
    breaks: 'events of another log are delivered without a reset',
    file: 'client/src/feed/resume-position.ts',
    text: `held.epoch !== at.epoch) return { position, verdict: 'foreign' }`,
    replacement: `held.epoch !== at.epoch) return { position, verdict: 'take' }`,
  },
  {
    breaks: 'a gap of the private stream is never filled',
    file: 'client/src/orders/private-stream-position.ts',
    text: 'seq !== undefined && seq === this.#nextSeq',
    replacement: 'seq !== undefined && seq >= (this.#nextSeq ?? seq)',
  },
  {
    breaks: 'old data is shown as live while the connection is lost',
    file: 'client/src/feed/session-steps.ts',
    text: `    data: markStale(state.data, at),
    attempts: attempts + 1,`,
    replacement: `    data: state.data,
    attempts: attempts + 1,`,
  },
  {
    breaks: 'all clients reconnect at the same moment',
    file: 'client/src/platform/backoff.ts',
    text: 'return Math.round(leastMs + chance * (ceilingMs - leastMs))',
    replacement: 'return Math.round(ceilingMs)',
  },
  {
    breaks: 'a poll asks for the same page again',
    file: 'client/src/feed/transports/long-poll.ts',
    text: `      last = answer.last
`,
    replacement: '',
  },
  {
    breaks: 'polls of a busy market follow each other without a pause',
    file: 'client/src/feed/transports/long-poll.ts',
    text: 'environment.setTimer(resolve, delayMs)',
    replacement: 'environment.setTimer(resolve, 0)',
  },
]
