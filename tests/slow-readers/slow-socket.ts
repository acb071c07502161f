// A program that reads a connection at a rate of its own, a little at a time: what it has not read stays in the
// kernel's buffers, which it leaves as they are.

import net from 'node:net'

const READ_BYTES = 256

export interface SlowSocket {
  write(bytes: Uint8Array | string): void
  close(): void
}

/** @param onBytes is called when the program has read them. */
export function openSlowSocket(port: number, bytesPerSecond: number, onBytes: (bytes: Buffer) => void): SlowSocket {
  let readyMs = performance.now()
  const socket = net.connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer: Buffer.alloc(READ_BYTES),
      callback(length, buffer) {
        const bytes = Buffer.from(buffer.subarray(0, length))
        const nowMs = performance.now()
        // What was not read for a while is not made up for.
        readyMs = Math.max(readyMs, nowMs) + (length / bytesPerSecond) * 1_000
        setTimeout(() => {
          onBytes(bytes)
          socket.resume()
        }, readyMs - nowMs)
        return false
      },
    },
  })
  socket.on('error', () => {})
  return { write: bytes => socket.write(bytes), close: () => socket.destroy() }
}
