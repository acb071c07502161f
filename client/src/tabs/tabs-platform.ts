// What tabs share a connection with: Web Locks, a BroadcastChannel and the page's lifecycle events. The only file that
// gets them from the browser. Where the browser has none, or refuses them, each tab is alone; tab-group.ts reports it.

export interface TabLocks {
  request<T>(name: string, run: () => T | Promise<T>): Promise<T>
  request<T>(name: string, options: TabLockOptions, run: () => T | Promise<T>): Promise<T>
}
export interface TabLockOptions {
  readonly steal?: boolean
  readonly signal?: AbortSignal
}

export interface TabChannel {
  post(message: unknown): void
  close(): void
}

/** `suspend`: the page will be frozen or kept in the back-forward cache, and would not read its messages. */
export type PageLifecycleEvent = 'hidden' | 'shown' | 'suspend' | 'resume'

export interface TabsPlatform {
  /** Undefined where the browser has none: an insecure origin, an old browser. */
  readonly locks: TabLocks | undefined
  /** @throws what the browser throws, for example on an opaque origin */
  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel
  /** True outside of a page. */
  isVisible(): boolean
  /** Returns a function that stops it. */
  watchLifecycle(onEvent: (event: PageLifecycleEvent) => void): () => void
}

export const BROWSER: TabsPlatform = {
  get locks() {
    return typeof navigator === 'undefined' ? undefined : (navigator.locks as TabLocks | undefined)
  },
  openChannel(name, onMessage) {
    const channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }: { data: unknown }) => onMessage(data)
    return { post: message => channel.postMessage(message), close: () => channel.close() }
  },
  isVisible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
  watchLifecycle(onEvent) {
    if (typeof document === 'undefined') return () => {}
    const abort = new AbortController()
    const on = (target: EventTarget, type: string, listener: (event: Event) => void) =>
      target.addEventListener(type, listener, { signal: abort.signal })
    on(document, 'visibilitychange', () => onEvent(document.visibilityState === 'visible' ? 'shown' : 'hidden'))
    on(document, 'freeze', () => onEvent('suspend'))
    on(document, 'resume', () => onEvent('resume'))
    // A page that is unloaded releases its lock a little sooner than the browser would.
    on(window, 'pagehide', () => onEvent('suspend'))
    on(window, 'pageshow', event => {
      if ((event as PageTransitionEvent).persisted) onEvent('resume')
    })
    return () => abort.abort()
  },
}

/**
 * Runs `run` while no other tab of this origin runs under the same name; at once where the browser has no locks.
 * Throws what `run` throws.
 */
export async function withLock<T>(name: string, run: () => Promise<T>, { locks }: TabsPlatform = BROWSER): Promise<T> {
  if (locks === undefined) return run()
  let running: Promise<T> | undefined
  const runOnce = () => {
    running ??= run()
    return running
  }
  try {
    return await locks.request(`papertape ${name}`, runOnce)
  } catch {
    // A browser that refuses the lock must not prevent `run`.
    return runOnce()
  }
}
