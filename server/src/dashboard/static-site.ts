// The static export of the dashboard in memory: each file with the base path filled in, its media type, ETag, policy
// and compressed forms. Knows nothing of requests. Called by app.ts and dashboard.ts.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { type ContentEncoding, compress } from '../http/content-encoding.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'

/** Written by web/base-path.ts in place of the base path. */
export const BASE_PATH_PLACEHOLDER = '/__base_path__'

const TEXT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
}
const BINARY_TYPES: Readonly<Record<string, string>> = {
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
/** Smaller files are not compressed. */
const COMPRESSED_BYTES_MIN = 512

export class Asset {
  /** Path without a leading slash: `transports/index.html`. */
  readonly name: string
  readonly type: string
  readonly body: Buffer
  /** Of pages; given the origins that the page may connect to beside its own. */
  readonly policy: ((origins: readonly string[]) => string) | undefined
  readonly #hash: string
  readonly #isText: boolean
  readonly #encoded = new Map<ContentEncoding, Promise<Buffer>>()

  /** @param brotli the body compressed before; absent: it is compressed at the first request. */
  constructor(name: string, content: Buffer, basePath: string, brotli?: Buffer) {
    const extension = extname(name)
    const textType = TEXT_TYPES[extension]
    this.name = name
    this.type = textType ?? BINARY_TYPES[extension] ?? 'application/octet-stream'
    this.#isText = textType !== undefined
    this.body = this.#isText ? withBasePath(content, basePath) : content
    this.policy = extension === '.html' ? contentSecurityPolicy(this.body.toString()) : undefined
    if (brotli !== undefined) this.#encoded.set('br', Promise.resolve(brotli))
    this.#hash = createHash('sha256').update(this.body).digest('base64url').slice(0, 22)
  }

  get isCompressible(): boolean {
    return this.#isText && this.body.length >= COMPRESSED_BYTES_MIN
  }

  /** Names below _next/static change with the content. */
  get cacheControl(): string {
    return this.name.startsWith('_next/static/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  }

  /** Strong, and different for each encoding (RFC 9110 section 8.8.3.3). */
  etag(encoding: ContentEncoding | undefined): string {
    return encoding === undefined ? `"${this.#hash}"` : `"${this.#hash}-${encoding}"`
  }

  /** Compressed at the first request, if not before, and kept. */
  encoded(encoding: ContentEncoding): Promise<Buffer> {
    const kept = this.#encoded.get(encoding) ?? compress(this.body, encoding)
    this.#encoded.set(encoding, kept)
    return kept
  }
}

/** Of a file that the build has compressed (web/export/compress-files.ts). */
const COMPRESSED_BEFORE = '.br'

export function loadSite(folder: string, basePath: string): Asset[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const read = (name: string) => readFileSync(join(folder, name))
  const brotliOf = (name: string) => {
    const compressed = `${name}${COMPRESSED_BEFORE}`
    // As the file is at the root path.
    return basePath === '' && names.includes(compressed) ? read(compressed) : undefined
  }
  return names
    .filter(name => !name.endsWith(COMPRESSED_BEFORE) && statSync(join(folder, name)).isFile())
    .map(name => new Asset(name.split(sep).join('/'), read(name), basePath, brotliOf(name)))
}

function withBasePath(content: Buffer, basePath: string): Buffer {
  const text = content.toString()
  return text.includes(BASE_PATH_PLACEHOLDER) ? Buffer.from(text.replaceAll(BASE_PATH_PLACEHOLDER, basePath)) : content
}
