// What is judged: a server, or handlers in the process that answer `fetch` and `WebSocket`.

/** A connection over TCP, for requests that no HTTP client sends. */
export interface RawConnection {
  /** Each character is a byte. */
  write(latin1: string): void
  /** What has come, each character a byte, once it matches. @throws {Error} when it has not in time. */
  until(pattern: RegExp): Promise<string>
  close(): void
}

export interface Target {
  /** Of the root, without a slash at the end: http://localhost:8080 */
  readonly url: string
  readonly fetch: typeof globalThis.fetch
  readonly WebSocket: typeof globalThis.WebSocket
  /** Where the clock of the target is set by hand: lets that much of its time pass. */
  readonly advance?: (ms: number) => Promise<void>
  /** Absent where the target is not reachable by TCP. */
  readonly connect?: () => Promise<RawConnection>
}
