// The page /docs: what the reference has.

import type { JsonSchema } from '@papertape/protocol/schemas'
import { type Content, code, element, heading, link, paragraph, table } from './html.ts'
import { operationsOf, routeAnchor } from './routes-page.ts'

const PAGES = [
  ['/docs/routes', 'Routes', 'each with its parameters and answers'],
  ['/docs/messages', 'Messages', 'of the order channel and the feed, each with its fields'],
  ['/docs/errors', 'Errors', 'error codes, reject codes and close codes'],
  ['/docs/openapi.json', 'OpenAPI 3.1', 'the routes for programs: generate a client, import into a tool'],
  ['/docs/asyncapi.json', 'AsyncAPI 3.0', 'the messages for programs'],
] as const

/** A path that a narrow table breaks after its slashes. */
const breakable = (path: string): Content =>
  element(
    'code',
    path.split(/(?<=\/)/).flatMap(part => [part, { html: '<wbr>' }]),
  )

export function indexPage(openApi: JsonSchema): Content {
  const rows = operationsOf(openApi).map(({ method, path, operation }) => [
    code(method),
    link(`/docs/routes#${routeAnchor(operation)}`, breakable(path)),
    String(operation.summary ?? ''),
  ])
  return [
    element(
      'ul',
      PAGES.map(([href, name, text]) => element('li', [link(href, name), `: ${text}`])),
    ),
    paragraph('This reference needs no network: it is made by the running service from the schemas that it uses.'),
    heading(2, 'All routes'),
    table(['Method', 'Path', 'Purpose'], rows, 'paths'),
  ]
}
