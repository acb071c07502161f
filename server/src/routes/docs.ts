// The pages that error answers link to, made from protocol's tables: what each code means and what to do next.

import { CLOSE_CODES, ERRORS, REJECTS } from '@papertape/protocol'
import type { FastifyInstance } from 'fastify'

const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const STYLE = `:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { max-width: 880px; margin: 32px auto; padding: 0 16px }
h1 { font-size: 22px } h2 { font-size: 16px; margin-top: 32px }
table { width: 100%; border-collapse: collapse }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid #8884; text-align: left; vertical-align: top }
td:first-child, code { font-family: ui-monospace, monospace; font-size: 13px }
tr:target { background: #7c6cf033 }
li { margin: 6px 0 } a { color: inherit }
`

export function docsRoutes(app: FastifyInstance): void {
  const pages = { '/docs': indexPage(), '/docs/errors': errorsPage() }
  for (const [path, html] of Object.entries(pages)) {
    const located = html.replaceAll('href="/', `href="${app.basePath}/`)
    app.get(path, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(located),
    )
  }
  app.get('/docs/style.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE))
}

function indexPage(): string {
  return page(
    'Papertape: reference',
    `<ul>
<li><a href="/docs/errors">Errors, rejects and close codes</a></li>
<li><a href="/v1/instruments">/v1/instruments</a>: what is traded</li>
<li><a href="/v1/quotes">/v1/quotes</a>: the latest quote of each</li>
<li><code>/v1/stream</code>: the feed over Server-Sent Events</li>
<li><a href="/v1/poll">/v1/poll</a>: the feed by long poll</li>
<li><code>/v1/socket</code>: the order channel, subprotocol papertape.v1</li>
<li><a href="/v1/transport">/v1/transport</a>: which transport for which need</li>
<li><a href="/v1/market">/v1/market</a>: what runs</li>
</ul>`,
  )
}

function errorsPage(): string {
  const errors = Object.entries(ERRORS).map(([code, { status, title, retry }]) => [code, title, String(status), retry])
  const rejects = Object.entries(REJECTS).map(([code, text]) => [code, text, '422', 'never'])
  const closes = Object.entries(CLOSE_CODES).map(([code, { meaning, retry }]) => [code, meaning, retry])
  return page(
    'Papertape: errors, rejects and close codes',
    `<p>retry: try again at once. retryAfter: wait as long as the answer says. never: the same again will fail again.</p>
<h2>Errors</h2>${table(['code', 'meaning', 'status', 'then'], errors)}
<h2>Rejects of the exchange</h2>${table(['code', 'meaning', 'status', 'then'], rejects)}
<h2>WebSocket close codes</h2>${table(['code', 'meaning', 'then'], closes)}`,
  )
}

/** The first row to bear a code carries its anchor: some codes are an error and a reject. */
const anchored = new Set<string>()

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map(row => {
    const [code] = row
    const anchor = anchored.has(code!) ? '' : ` id="${code}"`
    anchored.add(code!)
    return `<tr${anchor}>${row.map(cell => `<td>${cell}</td>`).join('')}</tr>`
  })
  const headings = head.map(cell => `<th>${cell}</th>`).join('')
  return `<table><thead><tr>${headings}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}

function page(title: string, body: string): string {
  const meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
  const style = '<link rel="stylesheet" href="/docs/style.css">'
  return `<!doctype html><html lang="en"><head>${meta}<title>${title}</title>${style}</head><body><main><h1>${title}</h1>${body}</main></body></html>`
}
