// The balancers of deploy/balancers: their files as they are, with the ports and addresses of a test in place of those
// of the files. Changes nothing else unless asked to, so that the files are what is tested.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findProgram } from '../support/programs/provide-program.ts'
import { type ProxyName, type RunningProxy, startProxy } from '../support/proxies/proxy.ts'
import { freePort } from '../support/server.ts'

export interface BalancerKind {
  readonly program: ProxyName
  readonly file: string
  /** 4: TCP passes as it is; 7: requests are forwarded. */
  readonly layer: 4 | 7
  /** RFC 8441: at layer 4 it is the gateway that offers them. */
  readonly hasSocketsOverHttp2: boolean
  /** What a reload does to the streams and sockets that are open. */
  readonly reloadCuts: 'nothing' | 'sockets'
}

export const BALANCERS = {
  'nginx, layer 7': {
    program: 'nginx',
    file: 'nginx-http.conf',
    layer: 7,
    hasSocketsOverHttp2: false,
    reloadCuts: 'nothing',
  },
  'nginx, layer 4': {
    program: 'nginx',
    file: 'nginx-stream.conf',
    layer: 4,
    hasSocketsOverHttp2: true,
    reloadCuts: 'nothing',
  },
  'HAProxy, layer 7': {
    program: 'haproxy',
    file: 'haproxy-http.cfg',
    layer: 7,
    hasSocketsOverHttp2: true,
    reloadCuts: 'nothing',
  },
  'HAProxy, layer 4': {
    program: 'haproxy',
    file: 'haproxy-tcp.cfg',
    layer: 4,
    hasSocketsOverHttp2: true,
    reloadCuts: 'nothing',
  },
  'Caddy, layer 7': {
    program: 'caddy',
    file: 'Caddyfile',
    layer: 7,
    hasSocketsOverHttp2: false,
    reloadCuts: 'sockets',
  },
} as const satisfies Readonly<Record<string, BalancerKind>>
export type BalancerName = keyof typeof BALANCERS
export const BALANCER_NAMES = Object.keys(BALANCERS) as readonly BalancerName[]

/** What they balance. */
export interface BalancedGateway {
  readonly port: number
  readonly tlsPort: number
}

const FOLDER = fileURLToPath(new URL('../../deploy/balancers/', import.meta.url))

/**
 * @param certificateFolder with the certificate of the gateways
 * @param change of the file, where a test is about another one
 * @returns why there is none, or the balancer, which is to be disposed of
 */
export async function startBalancer(
  name: BalancerName,
  gateways: readonly BalancedGateway[],
  certificateFolder: string,
  change: (config: string) => string = config => config,
): Promise<RunningProxy | { readonly reason: string }> {
  const { program: programName, file }: BalancerKind = BALANCERS[name]
  const program = findProgram(programName)
  if ('reason' in program) return program
  const [port, adminPort] = [await freePort(), await freePort()]
  const adminAddress = `localhost:${adminPort}`
  let config = change(readFileSync(`${FOLDER}${file}`, 'utf8'))
    .replaceAll('8000', String(port))
    .replaceAll('localhost:2019', adminAddress)
  for (const [n, gateway] of gateways.entries()) {
    config = config
      .replaceAll(`gateway-${n + 1}:8080`, `127.0.0.1:${gateway.port}`)
      .replaceAll(`gateway-${n + 1}:8443`, `127.0.0.1:${gateway.tlsPort}`)
  }
  return startProxy({ name: programName, program, config, port, certificateFolder, adminAddress })
}
