// Events of the page after which a connection may be dead although it looks open. Does nothing outside of a page.

/**
 * `offline`, `online`: the network went away or came back. `visible`: the tab is shown again. `resumed`: the page was
 * frozen (Page Lifecycle) or kept in the back-forward cache, and data in its sockets is old.
 */
export type PageEvent = 'offline' | 'online' | 'visible' | 'resumed'

/** Calls back at each event; returns a function that stops it. */
export function watchPageEvents(onEvent: (event: PageEvent) => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  const page = typeof document === 'undefined' ? undefined : document
  const onVisibilityChange = () => {
    if (page?.visibilityState === 'visible') onEvent('visible')
  }
  const onPageShow = (event: Event) => {
    if ((event as PageTransitionEvent).persisted) onEvent('resumed')
  }
  const listeners: [EventTarget | undefined, string, (event: Event) => void][] = [
    [globalThis as unknown as EventTarget, 'offline', () => onEvent('offline')],
    [globalThis as unknown as EventTarget, 'online', () => onEvent('online')],
    [globalThis as unknown as EventTarget, 'pageshow', onPageShow],
    [page, 'visibilitychange', onVisibilityChange],
    [page, 'resume', () => onEvent('resumed')],
  ]
  for (const [target, name, listener] of listeners) target?.addEventListener(name, listener)
  return () => {
    for (const [target, name, listener] of listeners) target?.removeEventListener(name, listener)
  }
}
