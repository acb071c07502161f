// What arrived as the head of a request: names and sizes of all fields, values of those that say nothing about a
// person. Pure; routes/lab-headers.ts answers with it.

import type { RequestHeadEcho } from '@papertape/protocol'

export interface ReceivedHead {
  readonly httpVersion: string
  readonly method: string
  /** As in the request line. */
  readonly target: string
  /** Names and values in turn, as Node has them. */
  readonly rawHeaders: readonly string[]
}

/** All other values are withheld: cookies, tokens, addresses that proxies add. */
const SHOWN =
  /^(:(method|scheme|authority|path)|host|connection|accept(-encoding|-language)?|user-agent|cache-control|pragma|priority|dnt|te|origin|upgrade-insecure-requests|sec-(ch-ua|fetch|gpc).*)$/i
const VERSIONS = { '1.0': '1.0', '1.1': '1.1', '2.0': '2' } as const

export function describeHead({ httpVersion, method, target, rawHeaders }: ReceivedHead): RequestHeadEcho {
  const fields: RequestHeadEcho['fields'] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name, value] = rawHeaders.slice(i, i + 2) as [string, string]
    // Node reads header fields as Latin-1: a character a byte.
    fields.push({ name, value: SHOWN.test(name) ? value : null, valueBytes: value.length })
  }
  const version = VERSIONS[httpVersion as keyof typeof VERSIONS] ?? '1.1'
  const lines = [`${method} ${target} HTTP/${httpVersion}`, ...fields.map(({ name }) => `${name}: `)]
  const texts = lines.reduce((sum, line) => sum + line.length + '\r\n'.length, '\r\n'.length)
  const values = fields.reduce((sum, { valueBytes }) => sum + valueBytes, 0)
  return { httpVersion: version, bytes: version === '2' ? null : texts + values, fields }
}
