// Finds what answers a request by its method and path, where a pattern has parameters as `:name`. Pure; used by each
// venue's adapter with handlers of its own.

export interface FoundPath<Handler> {
  readonly handler: Handler
  readonly params: Readonly<Record<string, string>>
}

interface PathRow<Handler> {
  readonly method: string
  readonly segments: readonly string[]
  readonly handler: Handler
}

export class PathTable<Handler> {
  readonly #rows: readonly PathRow<Handler>[]

  /** @param routes by `GET /v2/orders/:id`; a literal path must come before a pattern that matches it too. */
  constructor(routes: Readonly<Record<string, Handler>>) {
    this.#rows = Object.entries(routes).map(([route, handler]) => {
      const [method, path] = route.split(' ') as [string, string]
      return { method, segments: path.split('/'), handler }
    })
  }

  /** undefined where there is none, and for a parameter that is no UTF-8 text. */
  find(method: string, path: string): FoundPath<Handler> | undefined {
    const given = path.split('/')
    for (const { method: ownMethod, segments, handler } of this.#rows) {
      if (ownMethod !== method || segments.length !== given.length) continue
      const params = match(segments, given)
      if (params !== undefined) return { handler, params }
    }
    return undefined
  }
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const text = given[index]!
    if (!segment.startsWith(':')) {
      if (segment !== text) return undefined
      continue
    }
    const value = decode(text)
    if (value === undefined || value === '') return undefined
    params[segment.slice(1)] = value
  }
  return params
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
