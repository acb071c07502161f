// The settings of NATS from the settings of the server. Reads the files that they name.

import { readFileSync } from 'node:fs'
import type { NatsSettings } from '@papertape/cluster'
import { ConfigError } from '../settings/config.ts'
import type { Config } from '../settings/settings.ts'

type NatsConfig = Pick<Config, 'nats' | 'natsCredentials' | 'natsCa' | 'natsCert' | 'natsKey'>

/** @throws {ConfigError} without a server, or when a file cannot be read. */
export function natsSettings({ nats, natsCredentials, natsCa, natsCert, natsKey }: NatsConfig): NatsSettings {
  if (nats.length === 0)
    throw new ConfigError('--role gateway and --role venue need --nats, such as --nats 127.0.0.1:4222')
  const tls = {
    ...(natsCa !== '' && { caFile: natsCa }),
    ...(natsCert !== '' && { certFile: natsCert }),
    ...(natsKey !== '' && { keyFile: natsKey }),
  }
  return {
    servers: nats,
    ...(natsCredentials !== '' && { credentials: read('--nats-credentials', natsCredentials) }),
    ...(Object.keys(tls).length > 0 && { tls }),
  }
}

function read(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`${flag} cannot be read: ${(error as Error).message}`)
  }
}
