// What each handshake of the laboratory shows, in words. Which bytes it sends is in the server.

import type { HandshakeTrial } from '@papertape/protocol'

interface TrialText {
  /** What is different from a correct handshake. */
  readonly title: string
  /** The header that differs or is left out; absent when it is the first line, or nothing. */
  readonly header?: string
  readonly explanation: string
}

export const TRIAL_TEXTS: Readonly<Record<HandshakeTrial, TrialText>> = {
  correct: {
    title: 'Every header',
    explanation: `101 Switching Protocols: the accept value shows that the server understood this very request. From the
      next byte on the connection carries frames, in both directions.`,
  },
  severalSubprotocols: {
    title: 'Several subprotocols',
    header: 'Sec-WebSocket-Protocol',
    explanation: `The client offers a list, the server picks one of it that it speaks and names it. Without a match it may
      go on without a subprotocol, or refuse as this one does.`,
  },
  noSubprotocol: {
    title: 'No subprotocol',
    header: 'Sec-WebSocket-Protocol',
    explanation: `The protocol allows a handshake without one. This server refuses it, so that a client never sends
      messages that the server reads in another way.`,
  },
  otherSubprotocol: {
    title: 'Unknown subprotocols',
    header: 'Sec-WebSocket-Protocol',
    explanation: 'Nothing in the list is spoken here. The answer names what to offer.',
  },
  noKey: {
    title: 'No key',
    header: 'Sec-WebSocket-Key',
    explanation: `Without a key there is no accept value, and a client could take the answer of a cache or of another
      program for a WebSocket. The key is no secret and says nothing about who asks.`,
  },
  shortKey: {
    title: 'A key that is too short',
    header: 'Sec-WebSocket-Key',
    explanation: 'Base64, but five bytes in place of sixteen.',
  },
  noVersion: {
    title: 'No version',
    header: 'Sec-WebSocket-Version',
    explanation: '426 Upgrade Required names the version that the server takes: the client may try again with it.',
  },
  oldVersion: {
    title: 'Version 8',
    header: 'Sec-WebSocket-Version',
    explanation: `8 was a draft of the protocol; 13 is RFC 6455 and the only version in use. The answer names it, so that
      the client can try again.`,
  },
  noUpgrade: {
    title: 'No Upgrade',
    header: 'Upgrade',
    explanation: 'Without Upgrade it is an ordinary GET, and this address answers those with 426.',
  },
  noConnection: {
    title: 'No Connection: Upgrade',
    header: 'Connection',
    explanation: `Upgrade counts only if Connection names it. Both are for one hop, and a proxy that is not configured for
      WebSockets drops them: this is what then arrives.`,
  },
  http10: {
    title: 'HTTP/1.0',
    explanation: `HTTP/1.0 cannot change the protocol of a connection. A proxy that speaks it to the servers behind it lets
      no WebSocket pass.`,
  },
  foreignOrigin: {
    title: 'A foreign Origin',
    header: 'Origin',
    explanation: `Browsers do not apply CORS to WebSockets: any page may try, with the visitor's cookies. The server checks
      the Origin, which a page cannot change, and refuses with 403.`,
  },
  noHost: {
    title: 'No Host',
    header: 'Host',
    explanation: 'HTTP/1.1 requires Host, in a handshake as in any request.',
  },
  unknownHost: {
    title: 'An unknown Host',
    header: 'Host',
    explanation: `Host and Origin agree, but the name is not one of this server's: somebody may have pointed it here (DNS
      rebinding). 421 Misdirected Request.`,
  },
  wrongToken: {
    title: 'A wrong token',
    header: 'Authorization',
    explanation: `Still 101, and no handshake with this server gets a 401. A page cannot set Authorization on a WebSocket,
      so the server looks for the token where a page can send it: in the first message, logon. A wrong one is refused
      there, and the socket is closed with 4401. The same token over REST is a 401.`,
  },
}
