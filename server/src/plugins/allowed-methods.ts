// The methods of each path: answers OPTIONS, and gives Allow to the answers with 405 (plugins/problems.ts).

import { CodedError } from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import { answerPreflight } from '../auth/origins.ts'
import { HIDDEN } from '../docs/route-schema.ts'
import { pathOf } from '../http/request-target.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly routeTable: RouteTable
  }
}

class RouteTable {
  readonly #exact = new Map<string, Set<string>>()
  readonly #patterns = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>()

  add(url: string, methods: readonly string[]): void {
    const known = url.includes(':') ? this.#pattern(url) : this.#literal(url)
    for (const method of methods) known.add(method)
  }

  /** In the order of the Allow header; empty for a path without a route. */
  methodsAt(path: string): readonly string[] {
    const found = [...this.#patterns.values()].find(({ matches }) => matches.test(path))
    const methods = this.#exact.get(path) ?? found?.methods
    return methods === undefined ? [] : [...methods, 'OPTIONS']
  }

  #literal(url: string): Set<string> {
    const methods = this.#exact.get(url) ?? new Set()
    this.#exact.set(url, methods)
    return methods
  }

  #pattern(url: string): Set<string> {
    const source = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')
    const known = this.#patterns.get(url) ?? { matches: new RegExp(`^${source}$`), methods: new Set() }
    this.#patterns.set(url, known)
    return known.methods
  }
}

/** Must be called before the first route is added. */
export function keepRouteTable(app: FastifyInstance): void {
  const table = new RouteTable()
  app.decorate('routeTable', table)
  app.addHook('onRoute', ({ url, method }) => {
    if (!url.includes('*')) table.add(url, [method].flat())
  })
}

export function optionsRoute(app: FastifyInstance): void {
  app.options('/*', HIDDEN, async (request, reply) => {
    const path = pathOf(request.url)
    const methods = path === '/*' ? ['GET', 'HEAD', 'OPTIONS'] : app.routeTable.methodsAt(path)
    if (methods.length === 0) throw new CodedError('not-found', describeMissing(request.method, path))
    answerPreflight(request, reply, methods)
    return reply.code(204).header('allow', methods.join(', ')).send()
  })
}

export function describeMissing(method: string, path: string): string {
  return `there is no ${method} ${path}; /docs lists what there is`
}
