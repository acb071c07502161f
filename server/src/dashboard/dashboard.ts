// Serves the dashboard: a route for each file, with content encodings, validators (304) and ranges, and a strict
// Content-Security-Policy for each page.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError, isNotModified } from '@papertape/gateway'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HIDDEN } from '../docs/route-schema.ts'
import { chooseEncoding } from '../http/content-encoding.ts'
import { sendNotModified } from '../http/not-modified.ts'
import { pathOf } from '../http/request-target.ts'
import { parseRange } from './byte-range.ts'
import type { Asset } from './static-site.ts'

export interface DashboardOptions {
  /** None when the dashboard is not built. */
  readonly assets: readonly Asset[]
  /** By the Host of a request, the origins that a page may connect to. */
  readonly originsOf: (host: string) => readonly string[]
}

export function dashboard(app: FastifyInstance, { assets, originsOf }: DashboardOptions): void {
  if (assets.length === 0) {
    app.get('/', HIDDEN, async () => {
      throw new CodedError('not-found', 'the dashboard is not built; npm start builds it, the API is under /v1')
    })
    return
  }
  for (const asset of assets) {
    const send = (request: FastifyRequest, reply: FastifyReply) => {
      if (asset.policy !== undefined) reply.header('content-security-policy', asset.policy(originsOf(request.host)))
      return sendAsset(request, reply, asset)
    }
    for (const path of pathsOf(asset)) app.get(path, HIDDEN, send)
  }
}

/** The page for unknown paths; undefined when the dashboard is not built. */
export function notFoundPage(assets: readonly Asset[]): Asset | undefined {
  return assets.find(({ name }) => name === '404.html')
}

export function isBuilt(folder: string): boolean {
  return existsSync(join(folder, 'index.html'))
}

/** A page is served at the path of its folder, too. */
function pathsOf({ name }: Asset): readonly string[] {
  const path = `/${encodeURI(name)}`
  return name === 'index.html' || name.endsWith('/index.html') ? [path, path.slice(0, -'index.html'.length)] : [path]
}

async function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): Promise<FastifyReply> {
  const { headers, server, originalUrl } = request
  // The base path without its trailing slash.
  if (server.basePath !== '' && pathOf(originalUrl) === server.basePath) {
    return reply
      .code(308)
      .header('location', originalUrl.replace(server.basePath, `${server.basePath}/`))
      .send()
  }
  const encoding =
    asset.isCompressible && headers.range === undefined ? chooseEncoding(headers['accept-encoding']) : undefined
  const etag = asset.etag(encoding)
  reply.headers({ etag, 'cache-control': asset.cacheControl, 'accept-ranges': 'bytes' })
  if (asset.isCompressible) reply.header('vary', 'Accept-Encoding')
  if (isNotModified(headers['if-none-match'], etag)) return sendNotModified(reply)
  reply.type(asset.type)
  const range = headers['if-range'] === undefined || headers['if-range'] === etag ? headers.range : undefined
  const part = request.method === 'GET' ? parseRange(range, asset.body.length) : 'whole'
  if (part === 'none') {
    reply.header('content-range', `bytes */${asset.body.length}`)
    throw new CodedError('range-not-satisfiable', `the file has ${asset.body.length} bytes; ask for some of these`)
  }
  if (part !== 'whole') {
    reply.code(206).header('content-range', `bytes ${part.first}-${part.last}/${asset.body.length}`)
    return reply.send(asset.body.subarray(part.first, part.last + 1))
  }
  if (encoding === undefined) return reply.send(asset.body)
  return reply.header('content-encoding', encoding).send(await asset.encoded(encoding))
}
