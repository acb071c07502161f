// Which variables of the environment are settings of ours, which ones others have put there under our name, and which are
// misspelt. Reads what it is handed; what a setting takes is config.ts's business.

import { nearestName } from '@papertape/protocol'

export type Environment = Readonly<Record<string, string | undefined>>

const PREFIX = 'PAPERTAPE_'
/** What Kubernetes (and Docker's links) fill in for each Service of a namespace, by its name in capitals. */
const SERVICE_LINK =
  /^PAPERTAPE(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const LINK_ADDRESS = /^(tcp|udp|sctp):\/\/\S+:\d+$/

/** Also TLS_PORT, a setting of ours that a Service called `tls` fills in. */
export function isServiceLink(name: string, value: string | undefined): boolean {
  return SERVICE_LINK.test(name) || (name.endsWith('_PORT') && LINK_ADDRESS.test(value ?? ''))
}

/** One line about the variables that are taken for no settings; undefined when there are none. */
export function describeServiceLinks(env: Environment, known: readonly string[]): string | undefined {
  const links = Object.keys(env).filter(
    name => (name.startsWith(PREFIX) || known.includes(name)) && isServiceLink(name, env[name]),
  )
  if (links.length === 0) return undefined
  const address = links.find(name => LINK_ADDRESS.test(env[name] ?? '')) ?? links[0]!
  const more = links.length === 1 ? '' : ` and ${links.length - 1} more`
  return `the environment has ${address}=${env[address]}${more}, as Kubernetes adds them for a Service of that name: no settings, ignored; enableServiceLinks: false in the pod's spec turns them off`
}

/** A misspelt variable would otherwise be a setting that silently does nothing. One line; undefined when there is none. */
export function describeUnknownVariable(env: Environment, known: readonly string[]): string | undefined {
  const unknown = Object.keys(env).find(
    name => name.startsWith(PREFIX) && !known.includes(name) && !isServiceLink(name, env[name]),
  )
  if (unknown === undefined) return undefined
  const nearest = nearestVariable(unknown, known)
  const guess = nearest === undefined ? '' : `: did you mean ${nearest}?`
  return `the environment has ${unknown}, which is no setting${guess === '' ? ';' : guess} --help lists them`
}

/** What a shell would have taken away, and an env file or a YAML value did not; undefined when there is nothing. */
export function describeWrapping(text: string): string | undefined {
  if (/^(["']).*\1$/s.test(text)) return 'leave out the quotes'
  return text.trim() === text ? undefined : 'leave out the spaces around it'
}

function nearestVariable(name: string, known: readonly string[]): string | undefined {
  const plain = (other: string) => other.replace(PREFIX, '')
  const nearest = nearestName(plain(name), known.map(plain))
  return known.find(other => plain(other) === nearest)
}
