// Counts HTTP requests that were answered to the end, and how long the answers of the routes took that do not wait for
// events.

import { Histogram, type HistogramCounts, SECONDS_BOUNDS } from '@papertape/venue'
import type { FastifyInstance } from 'fastify'
import { LabeledValues } from './labeled-values.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The time until its answer is measured. */
    readonly isTimed?: boolean
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export class RequestCounts {
  /** By method and status. */
  readonly requests = new LabeledValues()
  readonly #seconds = new Histogram(SECONDS_BOUNDS)

  get seconds(): HistogramCounts {
    return this.#seconds.read()
  }

  /** For an answer of which Fastify knows no end. */
  add(method: string, status: number): void {
    this.requests.at(METHODS.has(method) ? method : 'other', String(status)).value++
  }

  /** Before the routes are added. */
  watch(app: FastifyInstance): void {
    app.addHook('onResponse', async (request, reply) => {
      // What a client leaves comes here over HTTP/2 alone.
      if (!reply.raw.writableEnded) return
      const { method, routeOptions } = request
      this.add(method, reply.statusCode)
      if (routeOptions.config.isTimed === true) this.#seconds.observe(reply.elapsedTime / 1_000)
    })
  }
}
