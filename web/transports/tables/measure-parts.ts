// Parts of the measurements: the median as text, and waiting for a socket.

/** `median 2.1 ms of 10, from 1.4 to 5.0 ms`. */
export function medianText(durationsMs: readonly number[]): string {
  const sorted = [...durationsMs].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  const [least, most] = [sorted[0]!, sorted.at(-1)!]
  return `median ${median.toFixed(1)} ms of ${sorted.length}, from ${least.toFixed(1)} to ${most.toFixed(1)} ms`
}

export function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
  return settled(socket, signal, resolve => {
    socket.onopen = () => resolve()
  })
}

/** The next message of a type; others are ignored. */
export function nextMessage(socket: WebSocket, type: string, signal: AbortSignal): Promise<void> {
  return settled(socket, signal, resolve => {
    socket.onmessage = ({ data }) => {
      if ((JSON.parse(data) as { type: string }).type === type) resolve()
    }
  })
}

function settled(socket: WebSocket, signal: AbortSignal, listen: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    listen(resolve)
    socket.onclose = ({ code, reason }) => reject(new Error(`the socket was closed with ${code} ${reason}`))
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
