// A plain static server: files of a folder below a path, by their names, and nothing else.

import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export interface StaticServer {
  readonly url: string
  close(): void
}

/** @param path `/demo`, below which the folder is served. */
export async function startStaticServer(folder: string, path: string): Promise<StaticServer> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const file = join(folder, pathname.slice(path.length), pathname.endsWith('/') ? 'index.html' : '')
    const isFile = pathname.startsWith(`${path}/`) && statSync(file, { throwIfNoEntry: false })?.isFile() === true
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(isFile ? 200 : 404, { 'content-type': isFile ? type : 'text/plain' })
    response.end(isFile ? readFileSync(file) : 'not found')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}${path}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
