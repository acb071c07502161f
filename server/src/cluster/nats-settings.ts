// The settings of NATS from the settings of the server. Reads the files that they name.

import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { authenticatorOf, type NatsSettings } from '@papertape/cluster'
import { ConfigError } from '../settings/config.ts'
import type { Config } from '../settings/settings.ts'

type NatsConfig = Pick<Config, 'nats' | 'natsCredentials' | 'natsCa' | 'natsCert' | 'natsKey' | 'natsApiPrefix'>

/** @throws {ConfigError} without a server, or when a file cannot be read or is not what it is named for. */
export function natsSettings(config: NatsConfig): NatsSettings {
  const { nats, natsCredentials, natsApiPrefix } = config
  if (nats.length === 0)
    throw new ConfigError('--role gateway and --role venue need --nats, such as --nats 127.0.0.1:4222')
  const tls = tlsOf(config)
  return {
    servers: nats,
    apiPrefix: natsApiPrefix,
    ...(natsCredentials !== '' && { credentials: credentialsOf(natsCredentials) }),
    ...(tls !== undefined && { tls }),
  }
}

function credentialsOf(file: string): string {
  const text = read('--nats-credentials', file)
  if (authenticatorOf(text) === undefined)
    throw new ConfigError(`--nats-credentials takes a credentials file or a user's seed (SU…), which ${file} is not`)
  return text
}

function tlsOf({ natsCa, natsCert, natsKey }: NatsConfig): NatsSettings['tls'] {
  if ((natsCert === '') !== (natsKey === ''))
    throw new ConfigError('--nats-cert and --nats-key go together: give both or neither')
  const files = { ca: natsCa, cert: natsCert, key: natsKey }
  const tls = Object.fromEntries(
    Object.entries(files).flatMap(([name, file]) => (file === '' ? [] : [[name, read(`--nats-${name}`, file)]])),
  )
  if (Object.keys(tls).length === 0) return undefined
  try {
    createSecureContext(tls)
    return tls
  } catch (error) {
    throw new ConfigError(`--nats-ca, --nats-cert and --nats-key cannot be used: ${(error as Error).message}`)
  }
}

function read(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`${flag} cannot be read: ${(error as Error).message}`)
  }
}
