// Parts of the reference pages under /docs: plain HTML, without scripts. All texts are escaped here.

/** Text that is HTML already. */
export interface Html {
  readonly html: string
}
export type Content = string | Html | readonly Content[]

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const PAGES = [
  ['/', 'Dashboard'],
  ['/docs', 'Reference'],
  ['/docs/routes', 'Routes'],
  ['/docs/messages', 'Messages'],
  ['/docs/errors', 'Errors'],
] as const

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, char => ENTITIES[char]!)
}

function render(content: Content): string {
  if (typeof content === 'string') return escapeHtml(content)
  return 'html' in content ? content.html : content.map(render).join('')
}

/** @param attributes names and values; undefined ones are left out. */
export function element(
  name: string,
  content: Content,
  attributes: Readonly<Record<string, string | undefined>> = {},
): Html {
  const given = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const text = given.map(([key, value]) => ` ${key}="${escapeHtml(value)}"`).join('')
  return { html: `<${name}${text}>${render(content)}</${name}>` }
}

export const code = (text: string): Html => element('code', text)
export const link = (href: string, content: Content): Html => element('a', content, { href })
export const heading = (level: 2 | 3 | 4, content: Content, id?: string): Html => element(`h${level}`, content, { id })

/** Texts with code between backticks. */
export function paragraph(text: string): Html {
  return element(
    'p',
    text.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part)),
  )
}

export interface Row {
  readonly id?: string | undefined
  readonly entries: readonly Content[]
}

/** Nothing without rows. @param name for the style sheet */
export function table(head: readonly string[], rows: readonly (Row | readonly Content[])[], name?: string): Content {
  if (rows.length === 0) return []
  const body = rows.map(row => {
    const { id, entries } = Array.isArray(row) ? { id: undefined, entries: row as readonly Content[] } : (row as Row)
    return element(
      'tr',
      entries.map(entry => element('td', entry)),
      { id },
    )
  })
  const titles = head.map(title => element('th', title, { scope: 'col' }))
  const parts = [element('thead', element('tr', titles)), element('tbody', body)]
  return element('table', parts, { class: name })
}

/** @param path its own. @param basePath links that start with / lead below it. */
export function page(title: string, content: Content, path: string, basePath: string): string {
  const links = PAGES.map(([href, name]) => [
    element('a', name, { href, 'aria-current': href === path ? 'page' : undefined }),
    ' ',
  ])
  const body = [element('nav', links), element('main', [element('h1', title), content])]
  const head = [
    { html: '<meta charset="utf-8"><meta name="viewport" content="width=device-width">' },
    element('title', `Papertape: ${title}`),
    { html: '<link rel="stylesheet" href="/docs/style.css">' },
  ]
  const html = render([element('head', head), element('body', body)])
  return `<!doctype html><html lang="en">${html}</html>`.replaceAll('href="/', `href="${escapeHtml(basePath)}/`)
}

export const STYLE = `:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { max-width: 960px; margin: 32px auto; padding: 0 16px }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-bottom: 24px }
nav [aria-current] { font-weight: 600; text-decoration: none }
h1 { font-size: 22px } h2 { font-size: 18px; margin-top: 40px } h3 { font-size: 15px; margin-top: 32px } h4 { font-size: 14px }
table { width: 100%; border-collapse: collapse }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid #8884; text-align: left; vertical-align: top }
code, pre { font-family: ui-monospace, monospace; font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere }
td code { overflow-wrap: normal }
@media (max-width: 480px) { th, td { padding-right: 8px; font-size: 13px } td code { font-size: 12px } .paths a code { overflow-wrap: anywhere } }
pre { padding: 8px 12px; border: 1px solid #8884 }
:target { background: #7c6cf033 }
li { margin: 6px 0 } a { color: inherit }
`
