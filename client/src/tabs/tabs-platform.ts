// What the tabs of an origin share a connection by: Web Locks, a BroadcastChannel, and the page's life cycle. The one
// file that asks the browser for them. Where it has none, or refuses, each tab is alone; tab-group.ts says so.

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

/** `suspend`: the page is about to be frozen or kept for the back button; its messages would pile up unread. */
export type PageLifecycleEvent = 'hidden' | 'shown' | 'suspend' | 'resume'

export interface TabsPlatform {
  /** Undefined where the browser has none: an insecure origin, an old browser. */
  readonly locks: TabLocks | undefined
  /** @throws what the browser throws, on an opaque origin for one. */
  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel
  /** False in Node and where nobody looks at the page. */
  isVisible(): boolean
  /** Returns what stops it. */
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
    // A page that goes for good gives its lock up a little sooner than its end would.
    on(window, 'pagehide', () => onEvent('suspend'))
    on(window, 'pageshow', event => {
      if ((event as PageTransitionEvent).persisted) onEvent('resume')
    })
    return () => abort.abort()
  },
}

/**
 * Runs `run` while no other tab of this origin runs under the same name; at once where the browser has no locks.
 * What `run` throws is thrown.
 */
export async function withLock<T>(name: string, run: () => Promise<T>, { locks }: TabsPlatform = BROWSER): Promise<T> {
  if (locks === undefined) return run()
  let running: Promise<T> | undefined
  const begin = () => {
    running ??= run()
    return running
  }
  try {
    return await locks.request(`papertape ${name}`, begin)
  } catch {
    // A browser that refuses the lock must not keep the page from what it wanted the lock for.
    return begin()
  }
}
