// The handshake over HTTP/2, which has no Upgrade: the pseudo-headers of RFC 8441, as this server takes them.

import { SUBPROTOCOL } from '@papertape/protocol'
import css from './handshake.module.css'

const REQUEST = `:method = CONNECT
:protocol = websocket
:scheme = https
:authority = localhost:8443
:path = /v1/socket
origin = https://localhost:8443
sec-websocket-version = 13
sec-websocket-protocol = ${SUBPROTOCOL}`

const ANSWER = `:status = 200
sec-websocket-protocol = ${SUBPROTOCOL}`

export function OverHttp2() {
  return (
    <section className={css.block} aria-labelledby="http2-title">
      <h3 id="http2-title">Over HTTP/2</h3>
      <p className={css.text}>
        HTTP/2 has no Upgrade: the connection belongs to all streams. RFC 8441 opens a WebSocket as one stream among
        others by an extended CONNECT. There is no key and no accept value, since no cache answers a CONNECT, and the
        answer is 200, not 101. The server announces that it takes this by SETTINGS_ENABLE_CONNECT_PROTOCOL, and ours
        does on its TLS port: Chromium opens this page's sockets there as below. Without the announcement a browser
        opens a second connection, over HTTP/1.1.
      </p>
      <div className={css.messages}>
        <figure className={css.message}>
          <figcaption>Request</figcaption>
          <pre>{REQUEST}</pre>
        </figure>
        <figure className={css.message}>
          <figcaption>Answer</figcaption>
          <pre>{ANSWER}</pre>
        </figure>
      </div>
    </section>
  )
}
