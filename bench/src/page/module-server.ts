// Serves files of the repository as modules to the browser of painter.ts: TypeScript without its types, and a page that
// names the packages in its import map. On loopback, for one run.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ModuleServer {
  readonly url: string
  close(): void
}

const ROOT = new URL('../../../', import.meta.url)
/** The files that browsers import for a package. */
const PACKAGES = {
  '@kurkle/color': '/node_modules/@kurkle/color/dist/color.esm.js',
  '@papertape/protocol': '/protocol/src/index.ts',
  'chart.js': '/node_modules/chart.js/dist/chart.js',
  'fancy-canvas': '/node_modules/fancy-canvas/index.mjs',
  'lightweight-charts': '/node_modules/lightweight-charts/dist/lightweight-charts.production.mjs',
}

/** @param script the module that the page at `/` starts, a path in the repository */
export async function serveModules(script: string): Promise<ModuleServer> {
  const imports = JSON.stringify({ imports: PACKAGES })
  const page = `<!doctype html><title>Bench</title><script type="importmap">${imports}</script>
<body style="margin:0"><script type="module" src="/${script}"></script>`
  const server = http.createServer(({ url: path }, response) => {
    if (path === '/') {
      response.setHeader('content-type', 'text/html').end(page)
      return
    }
    try {
      const text = readFileSync(fileURLToPath(new URL(`.${path}`, ROOT)), 'utf8')
      response.setHeader('content-type', 'text/javascript')
      response.end(extname(path!) === '.ts' ? stripTypeScriptTypes(text) : text)
    } catch {
      response.writeHead(404).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
