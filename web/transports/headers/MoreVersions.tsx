// What else the versions of HTTP do about waiting: preload in place of server push, QPACK, 0-RTT, connection migration,
// and what this server offers of each.

'use client'

import { useEffect, useState } from 'react'
import css from './headers.module.css'
import { type PageFacts, readPageFacts } from './page-facts.ts'

export function MoreVersions() {
  const [facts, setFacts] = useState<PageFacts>()
  // The page goes on loading after the exhibit is shown.
  useEffect(() => setFacts(readPageFacts()), [])
  return (
    <div className={css.sections}>
      <section>
        <h3>In place of server push</h3>
        <p>
          A server that pushed sent files before anybody asked, and often ones that the browser had already. Browsers
          have removed it. The document now names the files, by <code>link rel=preload</code>, or a{' '}
          <code>103 Early Hints</code> answer names them while the server still works on the document.
        </p>
        <p data-testid="headers-preload">
          {facts !== undefined &&
            `This page has ${facts.preloadLinks} preload ${facts.preloadLinks === 1 ? 'link' : 'links'} and was loaded \
${facts.hadEarlyHints ? 'with' : 'without'} Early Hints: this server sends none, since its documents are files that are ready at once.`}
        </p>
      </section>
      <section>
        <h3>QPACK</h3>
        <p>
          A block of HPACK refers to all blocks before it, which is safe because TCP keeps their order. QUIC does not
          keep the order of different streams, so one lost packet would hold all blocks up. QPACK sends changes of the
          table on a stream of its own, and a block waits only for those that it uses.
        </p>
        <p>
          This server has no HTTP/3 of its own: a proxy such as Caddy in front of it (<code>npm run h3</code>) speaks
          QPACK with the browser.
        </p>
      </section>
      <section>
        <h3>0-RTT</h3>
        <p>
          A browser that was here before may send its first request in its first packet, encrypted with keys of the last
          visit (early data, TLS 1.3). Somebody who records that packet can send it again, so it may carry only requests
          that do no harm twice, never an order; a server can refuse with <code>425 Too Early</code>.
        </p>
        <p>This server takes no early data. A browser that returns resumes its TLS session in one round trip.</p>
      </section>
      <section>
        <h3>Connection migration</h3>
        <p>
          A TCP connection is its two addresses and ports: a phone that leaves the Wi-Fi loses it. A QUIC connection has
          an id, and goes on from the new address.
        </p>
        <p>
          Over TCP this page reconnects, and continues from its position (<code>?last=</code>), so that no event is
          missing or shown twice.
        </p>
      </section>
    </div>
  )
}
