// The command line of papertape-conform as data: the target, and which requirements to check.

import { parseArgs } from 'node:util'
import type { Requirement } from '../suite/requirement.ts'

/** The command line is wrong, or the target does not answer: one line, exit code 2. */
export class UsageFailure extends Error {}

export interface ConformRequest {
  readonly kind: 'run' | 'list' | 'help'
  /** Without a slash at the end; empty unless the suite is run. */
  readonly url: string
  readonly requirements: readonly Requirement[]
  readonly isJson: boolean
  readonly isHttp2: boolean
  readonly limitMs: number
}

const OPTIONS = {
  only: { type: 'string' },
  json: { type: 'boolean' },
  http2: { type: 'boolean' },
  timeout: { type: 'string', default: '60s' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export const HELP = `papertape-conform URL [options]
Checks a server against the contract of Papertape, requirement by requirement.

  papertape-conform http://localhost:8080
  papertape-conform http://localhost:8080 --only resume,close-4401
  papertape-conform https://localhost:8443 --http2

  --only NAMES     only requirements whose id begins with one of these, or of a chapter of that name
  --http2          all requests over one HTTP/2 connection; of an https URL. Otherwise Node chooses the version
  --timeout 60s    a check that takes longer has failed
  --json           one JSON object instead of the table
  --list           lists the requirements
  --help           this text

It opens accounts of its own on the target and places orders in them, up to one round lot at the market.
Exit code: 0 all passed or not offered, 1 a requirement failed, 2 wrong usage or no answer from the target.
`

/** @throws {UsageFailure} */
export function parseConformRequest(words: readonly string[], all: readonly Requirement[]): ConformRequest {
  const { values, positionals } = readOptions(words)
  const requirements = select(all, values.only)
  const isJson = values.json === true
  const isHttp2 = values.http2 === true
  const shared = { requirements, isJson, isHttp2, limitMs: parseLimit(values.timeout) }
  if (values.help === true) return { ...shared, kind: 'help', url: '' }
  if (values.list === true) return { ...shared, kind: 'list', url: '' }
  const [url, ...rest] = positionals
  if (url === undefined || rest.length > 0) {
    throw new UsageFailure('give the URL of one server, such as http://localhost:8080; --help says more')
  }
  if (isHttp2 && !/^https:/i.test(url)) {
    throw new UsageFailure(`--http2 takes a URL with https, where TLS agrees on the version, not ${url}`)
  }
  return { ...shared, kind: 'run', url: parseUrl(url) }
}

function readOptions(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageFailure(`${(error as Error).message.split('. ')[0]}; --help lists the options`)
  }
}

function parseUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageFailure(`${text} is no URL of a server; write it as http://localhost:8080`)
  }
  return `${url.origin}${url.pathname.replace(/\/$/, '')}`
}

function parseLimit(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? []
  const limitMs = Number(digits) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm']
  if (limitMs > 0) return limitMs
  throw new UsageFailure(`--timeout takes a time such as 60s or 2m, not ${text}`)
}

function select(all: readonly Requirement[], only: string | undefined): readonly Requirement[] {
  if (only === undefined) return all
  const names = only.split(',').map(name => name.trim())
  const isOf = (name: string) => (one: Requirement) =>
    one.id.startsWith(name) || one.section.toLowerCase() === name.toLowerCase()
  const unknown = names.find(name => name === '' || !all.some(isOf(name)))
  if (unknown !== undefined) {
    throw new UsageFailure(`--only ${only}: no requirement begins with "${unknown}"; --list lists them`)
  }
  return all.filter(one => names.some(name => isOf(name)(one)))
}
