// Runs a callback in a later turn of the event loop, without the delay of a timeout: in Node after pending I/O, in a
// page by a message to itself, which background tabs do not hold back.

const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate
const waiting: (() => void)[] = []
const channel = immediate === undefined ? new MessageChannel() : undefined
if (channel !== undefined) channel.port1.onmessage = () => waiting.shift()?.()

export function runLater(callback: () => void): void {
  if (immediate !== undefined) immediate(callback)
  else {
    waiting.push(callback)
    channel!.port2.postMessage(undefined)
  }
}
