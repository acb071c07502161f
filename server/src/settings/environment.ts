// Finds variables of the environment that look like settings but are none: those that Kubernetes sets for a Service,
// and misspelt names. Must not read process.env; config.ts checks the values of settings.

import { nearestName } from '@papertape/protocol'

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>

const PREFIX = 'PAPERTAPE_'
/** Kubernetes (and Docker's links) set these for each Service of a namespace, by its name in capitals. */
const SERVICE_LINK =
  /^PAPERTAPE(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const LINK_ADDRESS = /^(tcp|udp|sctp):\/\/\S+:\d+$/

/** Also TLS_PORT: a setting of this server that a Service named `tls` sets. */
export function isServiceLink(name: string, value: string | undefined): boolean {
  return SERVICE_LINK.test(name) || (name.endsWith('_PORT') && LINK_ADDRESS.test(value ?? ''))
}

/** One line for the log about the variables that are ignored; undefined when there are none. */
export function describeServiceLinks(env: EnvironmentVariables, known: readonly string[]): string | undefined {
  const links = Object.keys(env).filter(
    name => (name.startsWith(PREFIX) || known.includes(name)) && isServiceLink(name, env[name]),
  )
  if (links.length === 0) return undefined
  const address = links.find(name => LINK_ADDRESS.test(env[name] ?? '')) ?? links[0]!
  const more = links.length === 1 ? '' : ` and ${links.length - 1} more`
  return `the environment has ${address}=${env[address]}${more}, which Kubernetes sets for a Service of that name; ignored; enableServiceLinks: false in the pod's spec turns them off`
}

/** A misspelt variable would otherwise have no effect. One line; undefined when there is none. */
export function describeUnknownVariable(env: EnvironmentVariables, known: readonly string[]): string | undefined {
  const unknown = Object.keys(env).find(
    name => name.startsWith(PREFIX) && !known.includes(name) && !isServiceLink(name, env[name]),
  )
  if (unknown === undefined) return undefined
  const nearest = nearestVariable(unknown, known)
  const guess = nearest === undefined ? '' : `: did you mean ${nearest}?`
  return `the environment has ${unknown}, which is not a setting${guess === '' ? ';' : guess} --help lists them`
}

/** Quotes or spaces that a shell removes and an env file or YAML value keeps; undefined when there are none. */
export function describeWrapping(text: string): string | undefined {
  if (/^(["']).*\1$/s.test(text)) return 'leave out the quotes'
  return text.trim() === text ? undefined : 'leave out the spaces around it'
}

function nearestVariable(name: string, known: readonly string[]): string | undefined {
  const plain = (other: string) => other.replace(PREFIX, '')
  const nearest = nearestName(plain(name), known.map(plain))
  return known.find(other => plain(other) === nearest)
}
