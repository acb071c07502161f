// What a transport runs over, in words. Pure.

import type { Transport } from '@papertape/protocol'

/** @param protocol of the page's requests: `http/1.1`, `h2`, `h3`. */
export function runsOver(transport: Transport, protocol: string): string {
  // A page does not learn whether its socket is a stream of an HTTP/2 connection, which is TCP, too.
  return transport === 'websocket' ? 'TCP' : protocol
}

/** Why a WebSocket does not run over the HTTP/3 of the page; undefined where there is nothing to explain. */
export function whyTcp(transport: Transport, protocol: string): string | undefined {
  if (transport !== 'websocket' || protocol !== 'h3') return undefined
  return 'A WebSocket over HTTP/3 (RFC 9220) takes a browser and a proxy that both offer it; Chromium and Caddy 2.6 do not.'
}
