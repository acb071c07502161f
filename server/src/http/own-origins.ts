// The origins at which a browser reaches this server directly: both ports, under the name that the request used and,
// on a loopback name, under the other one. Pure. The dashboard's pages may connect to them, and compare transports.

export interface OpenPorts {
  /** HTTP/1.1 */
  readonly clear: number
  /** HTTPS with HTTP/2 and HTTP/1.1 */
  readonly secure: number
}

export interface OwnOrigins {
  /** The name of the request first. */
  readonly clear: readonly string[]
  readonly secure: readonly string[]
}

const NONE: OwnOrigins = { clear: [], secure: [] }
/** To a browser another host, with connections of its own. */
const OTHER_LOOPBACK: Readonly<Record<string, string>> = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' }
const DEFAULT_PORTS = [80, 443]
/** The names are written into a policy, where other characters have a meaning; URL.parse lets some of them pass. */
const PLAIN_HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/

/**
 * @param host of the request. When it names neither port a proxy is in front, whose other ports are not known.
 * @param ports undefined before they are open.
 */
export function ownOrigins(host: string, ports: OpenPorts | undefined): OwnOrigins {
  const url = URL.parse(`http://${host}`)
  if (ports === undefined || url === null || !PLAIN_HOST.test(url.hostname)) return NONE
  // A URL leaves out 80; a browser leaves out 443 over TLS.
  const named = url.port === '' ? DEFAULT_PORTS : [Number(url.port)]
  if (!named.some(port => port === ports.clear || port === ports.secure)) return NONE
  const other = OTHER_LOOPBACK[url.hostname]
  const names = other === undefined ? [url.hostname] : [url.hostname, other]
  return {
    clear: names.map(name => new URL(`http://${name}:${ports.clear}`).origin),
    secure: names.map(name => new URL(`https://${name}:${ports.secure}`).origin),
  }
}
