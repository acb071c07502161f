// Settings from flags and environment: precedence, parsed values, the error messages of bad ones.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TRUST_NOBODY } from '../auth/trusted-proxies.ts'
import { ConfigError, readConfig } from './config.ts'
import { type Config, SETTING_LIST, type SettingName } from './settings.ts'

function read(args: readonly string[], env: Record<string, string> = {}): Config {
  const config = readConfig(args, env)
  assert.ok(config !== 'help')
  return config
}

function refusal(args: readonly string[], env: Record<string, string> = {}): string {
  try {
    readConfig(args, env)
  } catch (error) {
    assert.ok(error instanceof ConfigError, `${error}`)
    return error.message
  }
  return 'taken'
}

/** The value of each default that is parsed from a text. */
const PARSED_DEFAULTS: Partial<Config> = {
  pace: 1,
  scenario: [],
  origins: [],
  hosts: [],
  trustProxy: TRUST_NOBODY,
  basePath: '',
  nats: [],
}

/** A valid value of each setting that is not its default, as written and as parsed; a function stands for a check. */
const OTHER: { readonly [Name in SettingName]: readonly [text: string, value: Config[Name]] } = {
  port: ['0', 0],
  tlsPort: ['65535', 65_535],
  host: ['0.0.0.0', '0.0.0.0'],
  dataFolder: ['/tmp/tape', '/tmp/tape'],
  memory: ['1', true],
  seed: ['4294967295', 4_294_967_295],
  preset: ['large-tick', 'large-tick'],
  symbols: ['3', 3],
  config: ['market.json', 'market.json'],
  replay: ['AAPL.csv', 'AAPL.csv'],
  fresh: ['1', true],
  repair: ['1', true],
  verify: ['1', true],
  pace: ['max', Number.POSITIVE_INFINITY],
  bands: ['off', 'off'],
  collar: ['2.5', '2.5'],
  schedule: ['13:00,13:28,13:30,20:00,20:05', '13:00,13:28,13:30,20:00,20:05'],
  feeMaker: ['0.25', '0.25'],
  feeTaker: ['3', '3'],
  feePerShare: ['0.0035', '0.0035'],
  marginInitial: ['60', '60'],
  marginLong: ['32.5', '32.5'],
  marginShort: ['40', '40'],
  marginGraceMs: ['60000', 60_000],
  scenario: ['flash-crash,halt', ['flash-crash', 'halt']],
  pastMinutes: ['0', 0],
  pastDays: ['0', 0],
  eventsKept: ['1000', 1_000],
  streamsMax: ['1', 1],
  lagMaxMs: ['1000', 1_000],
  streamAgeMaxMs: ['0', 0],
  loopLagMaxMs: ['0', 0],
  drainMaxMs: ['0', 0],
  stopMaxMs: ['0', 0],
  origins: ['https://desk.example', ['https://desk.example']],
  hosts: ['tape.example', ['tape.example']],
  trustProxy: ['127.0.0.1,10.0.0.0/8', () => true],
  basePath: ['/tape/', '/tape'],
  accountBurst: ['0', 0],
  accountsPerHour: ['0', 0],
  commandsPerSecond: ['500', 500],
  commandBurst: ['1', 1],
  addressSocketsMax: ['0', 0],
  openOrdersMax: ['1000', 1_000],
  privateDaysKept: ['7', 7],
  lab: ['off', 'off'],
  adapters: ['off', 'off'],
  role: ['venue', 'venue'],
  nats: ['10.0.0.1:4222,nats://two:4222', ['10.0.0.1:4222', 'nats://two:4222']],
  natsReplicas: ['3', 3],
  natsLogBytes: ['1048576', 1_048_576],
  natsCredentials: ['/tmp/papertape.creds', '/tmp/papertape.creds'],
  natsCa: ['/tmp/ca.pem', '/tmp/ca.pem'],
  natsCert: ['/tmp/cert.pem', '/tmp/cert.pem'],
  natsKey: ['/tmp/key.pem', '/tmp/key.pem'],
  natsApiPrefix: ['papertape-log', 'papertape-log'],
  venueSilenceMaxMs: ['500', 500],
  log: ['debug', 'debug'],
}

/** Functions cannot be compared: a proxy is trusted or not. */
const comparable = (value: unknown) => (typeof value === 'function' ? value('10.1.2.3', 0) : value)

describe('precedence', () => {
  test('without flags and variables each setting has its default', () => {
    const config = read([])
    for (const [name, setting] of SETTING_LIST) {
      assert.deepEqual(config[name], name in PARSED_DEFAULTS ? PARSED_DEFAULTS[name] : setting.default, name)
    }
    assert.deepEqual(
      [config.port, config.tlsPort, config.dataFolder, config.memory, config.host],
      [8080, 8443, './data', false, '127.0.0.1'],
    )
  })

  for (const [name, { flag, env, default: standard }] of SETTING_LIST) {
    const [text, value] = OTHER[name]
    const flags = typeof standard === 'boolean' ? [`--${flag}`] : [`--${flag}`, text]
    test(`--${flag} wins over ${env}, which wins over the default`, () => {
      const initial = read([])[name]
      assert.notDeepEqual(comparable(value), comparable(initial))
      assert.deepEqual(comparable(read([], { [env]: text })[name]), comparable(value))
      const given = typeof standard === 'boolean' ? '0' : `${standard}`
      assert.deepEqual(comparable(read(flags, { [env]: given })[name]), comparable(value))
      assert.deepEqual(comparable(read([], { [env]: '' })[name]), comparable(initial), 'an empty variable is unset')
    })
  }

  test('an empty flag wins over the variable where a setting may be empty', () => {
    assert.equal(read(['--replay', ''], { PAPERTAPE_REPLAY: 'a.csv' }).replay, '')
  })

  test('variables of other programs are ignored', () => {
    assert.equal(read([], { HOME: '/root', PAPER: '1', PORT: '9000' }).port, 9_000)
  })
})

test('variables that Kubernetes sets are ignored', () => {
  const env = {
    PAPERTAPE_PORT: 'tcp://10.0.0.1:8080',
    PAPERTAPE_SERVICE_HOST: '10.0.0.1',
    TLS_PORT: 'tcp://10.0.0.2:443',
  }
  const { port, tlsPort } = read([], env)
  assert.deepEqual([port, tlsPort], [8_080, 8_443])
  assert.equal(read(['--tls-port', '1'], env).tlsPort, 1)
})

describe('an error message is one line that names the setting and the values that it takes', () => {
  const CASES: readonly [name: string, args: readonly string[], env: Record<string, string>, says: RegExp][] = [
    ['a port too high', ['--port', '65536'], {}, /^--port takes a port from 0 to 65535.*, not "65536"$/],
    ['a port with letters', ['--port', '80a'], {}, /^--port takes/],
    ['a port in hexadecimal', ['--port', '0x50'], {}, /^--port takes/],
    ['a port with a fraction', ['--port', '80.5'], {}, /^--port takes/],
    ['a variable with a bad value', [], { TLS_PORT: 'x' }, /^TLS_PORT takes a port from 0 to 65535.*, not "x"$/],
    ['no symbols', ['--symbols', '0'], {}, /^--symbols takes a number from 1 to 100, not "0"$/],
    ['too few events', [], { PAPERTAPE_EVENTS_KEPT: '999' }, /^PAPERTAPE_EVENTS_KEPT takes a number from 1000, not/],
    ['an unknown log level', ['--log', 'loud'], {}, /^--log takes silent, error, warn, info or debug, not "loud"$/],
    ['an unknown boolean', [], { PAPERTAPE_MEMORY: 'yes' }, /^PAPERTAPE_MEMORY takes 1 or 0, not "yes"$/],
    ['an unknown pace', ['--pace', 'fast'], {}, /^--pace takes 1x, 10x, 0.5x or max, not "fast"$/],
    ['a pace in a variable', [], { PAPERTAPE_PACE: '0x' }, /^PAPERTAPE_PACE takes 1x, 10x, 0.5x or max, not "0x"$/],
    [
      'bands with a percent sign',
      ['--bands', '5%'],
      {},
      /^--bands takes a percentage from 0.01 to 50, or off, not "5%"$/,
    ],
    ['a fee with a percent sign', ['--fee-taker', '1%'], {}, /^--fee-taker takes basis points from 0 to 1000/],
    ['a day in descending order', ['--schedule', '9:00,8:00'], {}, /^--schedule takes five ascending times of day/],
    ['an invalid origin', ['--origins', 'banana'], {}, /^--origins takes a comma list of scheme, host and port/],
    ['any origin', [], { PAPERTAPE_ORIGINS: '*' }, /^PAPERTAPE_ORIGINS takes .*, not "\*"$/],
    ['an origin without a scheme', ['--origins', 'localhost:3000'], {}, /^--origins takes .*, not "localhost:3000"$/],
    ['an origin with a path', ['--origins', 'http://x/app'], {}, /^--origins takes .*, not "http:\/\/x\/app"$/],
    ['the opaque origin', ['--origins', 'https://a.example,null'], {}, /^--origins takes/],
    ['an invalid IPv4 address', ['--host', '256.0.0.1'], {}, /^--host takes an address such as 127.0.0.1 or ::1/],
    ['any address', [], { PAPERTAPE_HOST: '*' }, /^PAPERTAPE_HOST takes an address .*, not "\*"$/],
    ['an address in brackets', ['--host', '[::1]'], {}, /^--host takes an address .*, not "\[::1\]"$/],
    ['an address with a port', ['--host', '127.0.0.1:80'], {}, /^--host takes an address/],
    ['a host with a port', ['--hosts', 'tape.example:80'], {}, /^--hosts takes a comma list of names without ports/],
    ['a proxy by its name', ['--trust-proxy', 'nginx'], {}, /^--trust-proxy takes a comma list of addresses/],
    ['a base path without its slash', ['--base-path', 'tape'], {}, /^--base-path takes a path such as \/tape/],
    ['a base path with dots', ['--base-path', '/a/../b'], {}, /^--base-path takes/],
    ['a value of two lines', [], { PAPERTAPE_PACE: 'a\nb' }, /^PAPERTAPE_PACE takes 1x/],
    ['an unknown flag', ['--sead', '1'], {}, /--sead.*; --help lists the flags$/],
    ['a flag without its value', ['--port'], {}, /--port.*; --help lists the flags$/],
    ['a value that looks like a flag', ['--port', '-5'], {}, /--port.*; --help lists the flags$/],
    ['a positional argument', ['start'], {}, /start.*; --help lists the flags$/],
    ['a switch with a value', ['--memory=1'], {}, /--memory.*; --help lists the flags$/],
    [
      'an unknown variable with our prefix',
      [],
      { PAPERTAPE_SEAD: '1' },
      /PAPERTAPE_SEAD.*did you mean PAPERTAPE_SEED\? --help lists them$/,
    ],
    ['quotes around a port', [], { PORT: '"8080"' }, /^PORT takes a port.*, not "\\"8080\\""; leave out the quotes$/],
    ['quotes around a folder', [], { PAPERTAPE_DATA: "'./data'" }, /^PAPERTAPE_DATA takes a folder.*the quotes$/],
    [
      'a line end after a seed',
      [],
      { PAPERTAPE_SEED: '1\r' },
      /^PAPERTAPE_SEED takes.*; leave out the spaces around it$/,
    ],
    ['only spaces', [], { PAPERTAPE_REPLAY: '  ' }, /^PAPERTAPE_REPLAY takes.*; leave out the spaces/],
    ['an empty flag', ['--data', ''], {}, /^--data takes a folder, not ""$/],
    ['an empty port', ['--port='], {}, /^--port takes a port/],
  ]
  for (const [name, args, env, says] of CASES) {
    test(name, () => {
      const line = refusal(args, env)
      assert.match(line, says)
      assert.ok(!line.includes('\n'), line)
    })
  }
})

test('--help wins over all other flags, also invalid ones', () => {
  assert.equal(readConfig(['--help'], {}), 'help')
  assert.equal(readConfig(['--help', '--port', 'x'], {}), 'help')
})

test("paths in flags are relative to the caller's folder, others to the server's", () => {
  const read = (args: string[], env = {}) => readConfig(args, env, '/home/ann') as Config
  assert.equal(read(['--replay', 'tapes/a.csv']).replay, '/home/ann/tapes/a.csv')
  assert.equal(read(['--data=market']).dataFolder, '/home/ann/market')
  assert.equal(read(['--data', '/srv/market']).dataFolder, '/srv/market')
  assert.equal(read([]).dataFolder, './data')
  assert.equal(read([], { PAPERTAPE_DATA: 'market', PAPERTAPE_REPLAY: 'a.csv' }).dataFolder, 'market')
  assert.equal(read(['--replay', '']).replay, '')
})
