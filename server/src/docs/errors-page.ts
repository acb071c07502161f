// The page /docs/errors: the tables of error codes, reject codes and close codes. Error answers link to its anchors.

import { CLOSE_CODES, ERRORS, REJECTS } from '@papertape/protocol'
import { type Content, code, heading, paragraph, type Row, table } from './html.ts'

export function errorsPage(): Content {
  // Some codes are an error and a reject: the first row has the anchor.
  const anchors = new Set<string>()
  const row = (name: string, entries: readonly string[]): Row => {
    const id = anchors.has(name) ? undefined : name
    anchors.add(name)
    return { id, entries: [code(name), ...entries] }
  }
  return [
    paragraph(
      '`retry`: try again at once. `retryAfter`: wait as long as the answer says. `never`: the same request fails again, or, in a room, the member decides.',
    ),
    heading(2, 'Errors'),
    table(
      ['Code', 'Meaning', 'Status', 'Retry'],
      Object.entries(ERRORS).map(([name, { status, title, retry }]) => row(name, [title, String(status), retry])),
    ),
    heading(2, 'Rejects of the exchange'),
    table(
      ['Code', 'Meaning', 'Status', 'Retry'],
      Object.entries(REJECTS).map(([name, title]) => row(name, [title, '422', 'never'])),
    ),
    heading(2, 'WebSocket close codes'),
    table(
      ['Code', 'Meaning', 'Retry'],
      Object.entries(CLOSE_CODES).map(([name, { meaning, retry }]) => row(name, [meaning, retry])),
    ),
  ]
}
