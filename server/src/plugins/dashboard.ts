// Serves the dashboard's static export under a strict Content-Security-Policy: inline scripts run only when their hash is
// known, and the hashes are taken from the files at start.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { CodedError } from '../errors.ts'

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g

export async function dashboard(app: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', async () => {
      throw new CodedError('not-found', 'the dashboard is not built; npm start builds it, the API is under /v1')
    })
    return
  }
  const policies = readPolicies(folder)
  await app.register(fastifyStatic, {
    root: folder,
    // One file, one answer: what the export does not hold is a 404 of ours.
    wildcard: false,
    setHeaders(reply, path) {
      const name = relative(folder, path).split(sep).join('/')
      const policy = policies.get(name)
      if (policy !== undefined) reply.header('content-security-policy', policy)
      // Names under _next/static change with their content.
      const isImmutable = name.startsWith('_next/static/')
      reply.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

export interface Page {
  readonly html: string
  readonly policy: string
}

/** What a person sees at an address that is none; undefined when the dashboard is not built. */
export function notFoundPage(folder: string): Page | undefined {
  const file = join(folder, '404.html')
  if (!existsSync(file)) return undefined
  const html = readFileSync(file, 'utf8')
  return { html, policy: contentSecurityPolicy(html) }
}

/** The policy of each page, by its path below the folder. */
function readPolicies(folder: string): Map<string, string> {
  const policies = new Map<string, string>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.html')) continue
    policies.set(name.split(sep).join('/'), contentSecurityPolicy(readFileSync(join(folder, name), 'utf8')))
  }
  return policies
}

export function contentSecurityPolicy(html: string): string {
  const hashes = [...html.matchAll(INLINE_SCRIPT)].map(([, script]) => `'sha256-${sha256(script!)}'`)
  const scripts = ["'self'", ...new Set(hashes)].join(' ')
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
