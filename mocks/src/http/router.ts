// Finds the route of a request, and the methods of a path. Knows no handlers of its own.

import { CodedError, type Route } from '@papertape/gateway'

interface RoutePattern {
  readonly route: Route
  readonly pattern: RegExp
}

export interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

export class Router {
  readonly #entries: readonly RoutePattern[]

  constructor(routes: readonly Route[]) {
    this.#entries = routes.map(route => ({ route, pattern: patternOf(route.path) }))
  }

  /** @param path below `/v1`. HEAD is answered where GET is. */
  find(method: string, path: string): RouteMatch | undefined {
    const wanted = method === 'HEAD' ? 'GET' : method
    for (const { route, pattern } of this.#entries) {
      const match = route.method === wanted ? pattern.exec(path) : null
      if (match !== null) return { route, params: decodeAll({ ...match.groups }) }
    }
    return undefined
  }

  /** In the order of the Allow header; empty for a path without a route. */
  methodsAt(path: string): readonly string[] {
    const found = this.#entries.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route.method)
    return found.length === 0
      ? []
      : [...found.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : method)), 'OPTIONS']
  }
}

/** @throws {CodedError} bad-request when a parameter is not percent-encoded UTF-8. */
function decodeAll(params: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    throw new CodedError('bad-request', 'the path has a % that begins no escape of UTF-8 text; write %25 for a %')
  }
}

/** Parameters are segments that are not empty. */
function patternOf(path: string): RegExp {
  const source = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+)')
  return new RegExp(`^${source}$`)
}
