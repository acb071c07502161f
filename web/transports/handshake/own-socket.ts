// A WebSocket as a page opens it: what the page sees of its handshake, which is very little. Closes it at once.

export type OwnSocketResult =
  | { readonly type: 'opened'; readonly protocol: string; readonly extensions: string }
  /** All that a page gets of a refusal, whatever its status. */
  | { readonly type: 'refused'; readonly code: number; readonly reason: string; readonly wasClean: boolean }

/** @param offered subprotocols; none leaves the header out */
export function openOwnSocket(url: string, offered: readonly string[]): Promise<OwnSocketResult> {
  return new Promise(resolve => {
    const socket = new WebSocket(url, [...offered])
    socket.onopen = () => {
      const { protocol, extensions } = socket
      socket.close(1000)
      resolve({ type: 'opened', protocol, extensions })
    }
    // Settles nothing after an open.
    socket.onclose = ({ code, reason, wasClean }) => resolve({ type: 'refused', code, reason, wasClean })
  })
}
