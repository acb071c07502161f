// The close codes in words. Which there are, and what a client does after each, is in protocol (CLOSE_CODES).

import type { CloseCode, RetryRule } from '@papertape/protocol'

interface CloseCodeText {
  /** Of the IANA registry, or ours from 4400. */
  readonly name: string
  readonly sentBy: 'both sides' | 'the server' | 'nobody'
  readonly explanation: string
}

export const CLOSE_CODE_TEXTS: Readonly<Record<CloseCode, CloseCodeText>> = {
  1000: { name: 'Normal closure', sentBy: 'both sides', explanation: 'The connection has done its work: a logout.' },
  1001: {
    name: 'Going away',
    sentBy: 'both sides',
    explanation: 'The server restarts, or a page is left. A notice before it says when to come back.',
  },
  1002: {
    name: 'Protocol error',
    sentBy: 'the server',
    explanation: `A frame breaks RFC 6455, such as an unmasked one. A page cannot send one: the browser writes the frames.`,
  },
  1003: {
    name: 'Unsupported data',
    sentBy: 'the server',
    explanation: 'A binary frame, where only text is spoken.',
  },
  1006: {
    name: 'Abnormal closure',
    sentBy: 'nobody',
    explanation: 'The connection ended without a close frame. The browser reports this code; it is never on the wire.',
  },
  1007: {
    name: 'Invalid payload data',
    sentBy: 'the server',
    explanation: 'Text that is not UTF-8. A page cannot send any: the browser encodes its text.',
  },
  1008: {
    name: 'Policy violation',
    sentBy: 'the server',
    explanation: 'The general refusal where no other code fits, here of a message in more than 1,024 fragments.',
  },
  1009: { name: 'Message too big', sentBy: 'the server', explanation: 'A frame of more than 8 KiB.' },
  1011: { name: 'Internal error', sentBy: 'the server', explanation: 'A fault of the server, not of the client.' },
  4400: {
    name: 'Malformed messages',
    sentBy: 'the server',
    explanation: 'More than five messages within ten seconds that are no JSON, or not in the schema.',
  },
  4401: {
    name: 'Not logged on',
    sentBy: 'the server',
    explanation: 'Neither a logon nor a subscription in 5 s, or a token that is not valid.',
  },
  4408: {
    name: 'Lagging',
    sentBy: 'the server',
    explanation: 'The client does not read what is sent to it; it may come back and resume.',
  },
  4409: {
    name: 'Taken over',
    sentBy: 'the server',
    explanation:
      'Another connection has logged on to the same session. Coming back would take it over again, for ever.',
  },
  4429: {
    name: 'Too many messages',
    sentBy: 'the server',
    explanation: 'More than 50 a second for too long, after errors that said how long to wait.',
  },
}

export const RULE_TEXTS: Readonly<Record<RetryRule, { readonly label: string; readonly explanation: string }>> = {
  retry: { label: 'retry', explanation: 'The client comes back by itself, with backoff.' },
  retryAfter: { label: 'later', explanation: 'The client comes back when the server asks it to, or with backoff.' },
  never: { label: 'never', explanation: 'The client does not come back by itself: the same would happen again.' },
}
