// Opens the connection to NATS, for as long as it takes. What waiting cannot mend is an error that says who refused
// what: the server does not take this process, or this process does not trust the server. Knows no subject and no flag.

import { once } from 'node:events'
import { connect as connectTcp, isIP } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { checkServerIdentity, connect as connectTls, type PeerCertificate } from 'node:tls'
import {
  type Authenticator,
  AuthorizationError,
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  nkeyAuthenticator,
  TimeoutError,
} from '@nats-io/transport-node'

export interface NatsSettings {
  /** `host:port` or `nats://` or `tls://` URLs. */
  readonly servers: readonly string[]
  /** The contents of a credentials file, or the seed of an nkey. */
  readonly credentials?: string | undefined
  /** Contents of PEM files. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined
  /** Where the account of this process has the JetStream API of the log; `$JS.API` unless it imports it. */
  readonly apiPrefix?: string | undefined
}

export type RefusalCode = 'nats-credentials' | 'nats-untrusted' | 'nats-certificate' | 'nats-plain'

/** Trying again would not help. */
class NatsRefused extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

const RECONNECT = { maxReconnectAttempts: -1, reconnectTimeWait: 100, reconnectJitter: 50, reconnectJitterTLS: 50 }
/** A peer that has gone without a word is noticed after two pings. */
const PINGS = { pingInterval: 2_000, maxPingOut: 2 }
const CONNECT_MAX_MS = 5_000
const RETRY_MS = 100
const PROBE_MAX_MS = 2_000
/** Codes of TLS for a server whose certificate cannot be trusted. */
const UNTRUSTED =
  /^(?:CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|UNABLE_TO_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/
/** An alert of the server: it does not take this process's certificate, or misses one. */
const ALERT = /^ERR_SSL_.*ALERT/
const SEED = /\bSU[A-Z2-7]{56}\b/

/** @param name for the server's list of connections. @throws {NatsRefused} */
export async function openNats(settings: NatsSettings, name: string): Promise<NatsConnection> {
  const { servers, credentials, tls } = settings
  const options = {
    servers: [...servers],
    name,
    timeout: CONNECT_MAX_MS,
    ...RECONNECT,
    ...PINGS,
    ...(credentials !== undefined && { authenticator: authenticatorOf(credentials)! }),
    ...(tls !== undefined && { tls: { ...tls, checkServerIdentity: identityCheck(servers) } }),
  }
  for (;;) {
    try {
      return await connect(options)
    } catch (error) {
      const refused = natsRefusal(error, servers) ?? (await explainTimeout(error, settings))
      if (refused !== undefined) throw refused
      await delay(RETRY_MS)
    }
  }
}

/** @returns undefined for an error that may pass. */
export function natsRefusal(error: unknown, servers: readonly string[]): NatsRefused | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException
  // Without what OpenSSL adds, and Node's advice to developers.
  const reason = /\balert [a-z ]+/.exec(message)?.[0] ?? message.split(';')[0]
  const text = `NATS at ${servers.join(', ')}: ${reason}`
  if (error instanceof AuthorizationError || error instanceof errors.UserAuthenticationExpiredError)
    return new NatsRefused('nats-credentials', text)
  if (UNTRUSTED.test(code)) return new NatsRefused('nats-untrusted', text)
  if (ALERT.test(code)) return new NatsRefused('nats-certificate', text)
  return message === "server does not support 'tls'" ? new NatsRefused('nats-plain', text) : undefined
}

/**
 * The client of NATS has every server that is given by its address checked for the name localhost: then for the
 * addresses.
 */
function identityCheck(servers: readonly string[]) {
  const hosts = servers.map(server => addressOf(server).hostname)
  const addresses = hosts.filter(host => isIP(host) !== 0)
  return (host: string, certificate: PeerCertificate): Error | undefined => {
    const isAddress = host === 'localhost' && !hosts.includes(host)
    const failures = (isAddress ? addresses : [host]).map(name => checkServerIdentity(name, certificate))
    return failures.includes(undefined) ? undefined : failures[0]
  }
}

function addressOf(server: string): URL {
  return new URL(`tcp://${server.replace(/^\w+:\/\//, '')}`)
}

/** @returns undefined when the text has neither credentials nor a seed. */
export function authenticatorOf(credentials: string): Authenticator | undefined {
  if (credentials.includes('BEGIN NATS USER JWT')) return credsAuthenticator(new TextEncoder().encode(credentials))
  const seed = SEED.exec(credentials)?.[0]
  return seed === undefined ? undefined : nkeyAuthenticator(new TextEncoder().encode(seed))
}

/**
 * A server that misses a certificate says so by an alert after the handshake, which the client of NATS keeps to itself
 * and waits on: asks again, without it.
 */
async function explainTimeout(error: unknown, { servers, tls }: NatsSettings): Promise<NatsRefused | undefined> {
  if (!(error instanceof TimeoutError)) return undefined
  for (const server of servers) {
    const alert = await readAlert(server, tls).catch(() => undefined)
    const refused = alert === undefined ? undefined : natsRefusal(alert, [server])
    if (refused !== undefined) return refused
  }
  return undefined
}

/** @returns what ends a TLS connection that this process says nothing on. */
async function readAlert(server: string, tls: NatsSettings['tls']): Promise<unknown> {
  const { hostname, port } = addressOf(server)
  const signal = AbortSignal.timeout(PROBE_MAX_MS)
  const socket = connectTcp({ host: hostname, port: Number(port || 4222), signal })
  // Of the time that is over, when nobody waits for it any more.
  socket.on('error', () => {})
  try {
    // The server speaks first, in clear.
    await once(socket, 'data', { signal })
    // Whether its name is right has been found out before.
    const secure = connectTls({ socket, checkServerIdentity: () => undefined, ...tls })
    secure.on('error', () => {})
    const [alert] = await once(secure.resume(), 'error', { signal })
    return alert
  } catch (error) {
    return signal.aborted ? undefined : error
  } finally {
    socket.destroy()
  }
}
