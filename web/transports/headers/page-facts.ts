// What the browser says about the requests of this page so far: addresses, the size of heads as it reports it, preload
// links, Early Hints. Reads performance and document; decides nothing.

export interface PageFacts {
  /** Of the requests to this server that the browser has noted, in their order; open streams and sockets are not. */
  readonly paths: readonly string[]
  /** What the browser reports as the size of the answers' heads: each value once. */
  readonly reportedHeadBytes: readonly number[]
  readonly preloadLinks: number
  readonly hadEarlyHints: boolean
}

type NavigationTiming = PerformanceNavigationTiming & { readonly firstInterimResponseStart?: number }

export function readPageFacts(): PageFacts {
  const navigation = performance.getEntriesByType('navigation') as NavigationTiming[]
  const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  const own = [...navigation, ...resources].filter(({ name }) => new URL(name).origin === location.origin)
  const fromServer = own.filter(({ transferSize }) => transferSize > 0)
  return {
    paths: own.map(({ name }) => new URL(name).pathname + new URL(name).search),
    reportedHeadBytes: [...new Set(fromServer.map(entry => entry.transferSize - entry.encodedBodySize))],
    preloadLinks: document.querySelectorAll('link[rel=preload], link[rel=modulepreload]').length,
    hadEarlyHints: navigation.some(({ firstInterimResponseStart = 0 }) => firstInterimResponseStart > 0),
  }
}
