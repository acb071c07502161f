// The settings: flags over environment over defaults, every refusal one line that names what to write instead, and a help
// that leaves nothing out.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Config, ConfigError, helpText, readConfig, SETTINGS } from './config.ts'

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

/** A good value of each setting that is not its default, as it is written and as it is read. */
const OTHER: { readonly [Name in keyof Config]: readonly [text: string, value: Config[Name]] } = {
  port: ['0', 0],
  tlsPort: ['65535', 65_535],
  host: ['0.0.0.0', '0.0.0.0'],
  dataFolder: ['/tmp/tape', '/tmp/tape'],
  memory: ['1', true],
  seed: ['4294967295', 4_294_967_295],
  symbols: ['3', 3],
  replay: ['AAPL.csv', 'AAPL.csv'],
  fresh: ['1', true],
  repair: ['1', true],
  verify: ['1', true],
  pace: ['max', 'max'],
  bands: ['off', 'off'],
  collar: ['2.5', '2.5'],
  schedule: ['13:00,13:28,13:30,20:00,20:05', '13:00,13:28,13:30,20:00,20:05'],
  scenario: ['flash-crash,halt', 'flash-crash,halt'],
  pastMinutes: ['0', 0],
  eventsKept: ['1000', 1_000],
  streamsMax: ['1', 1],
  lagMaxMs: ['1000', 1_000],
  stopMaxMs: ['0', 0],
  origins: ['https://desk.example', 'https://desk.example'],
  hosts: ['tape.example', 'tape.example'],
  trustProxy: ['127.0.0.1,10.0.0.0/8', '127.0.0.1,10.0.0.0/8'],
  basePath: ['/tape', '/tape'],
  accountBurst: ['0', 0],
  log: ['debug', 'debug'],
}
const NAMES = Object.keys(SETTINGS) as (keyof Config)[]

describe('precedence', () => {
  test('nothing given is the defaults, as the contract has them', () => {
    const config = read([])
    for (const name of NAMES) assert.equal(config[name], SETTINGS[name].fallback)
    assert.deepEqual(
      [config.port, config.tlsPort, config.dataFolder, config.memory, config.host],
      [8080, 8443, './data', false, '127.0.0.1'],
    )
  })

  for (const name of NAMES) {
    const { flag, env, fallback } = SETTINGS[name]
    const [text, value] = OTHER[name]
    const flags = typeof fallback === 'boolean' ? [`--${flag}`] : [`--${flag}`, text]
    test(`--${flag} wins over ${env}, which wins over the default`, () => {
      assert.notEqual(value, fallback)
      assert.equal(read([], { [env]: text })[name], value)
      assert.equal(read(flags, { [env]: typeof fallback === 'boolean' ? '0' : `${fallback}` })[name], value)
      assert.equal(read([], { [env]: '' })[name], fallback, 'an empty variable is absent')
    })
  }

  test('another program’s variables are none of ours', () => {
    assert.equal(read([], { HOME: '/root', PAPER: '1', PORT: '9000' }).port, 9_000)
  })
})

test('what Kubernetes fills in is no setting: the defaults stay', () => {
  const env = {
    PAPERTAPE_PORT: 'tcp://10.0.0.1:8080',
    PAPERTAPE_SERVICE_HOST: '10.0.0.1',
    TLS_PORT: 'tcp://10.0.0.2:443',
  }
  const { port, tlsPort } = read([], env)
  assert.deepEqual([port, tlsPort], [8_080, 8_443])
  assert.equal(read(['--tls-port', '1'], env).tlsPort, 1)
})

describe('a refusal is one line that names the setting and what it takes', () => {
  const CASES: readonly [name: string, args: readonly string[], env: Record<string, string>, says: RegExp][] = [
    ['a port too high', ['--port', '65536'], {}, /^--port takes a port from 0 to 65535.*, not "65536"$/],
    ['a port with letters', ['--port', '80a'], {}, /^--port takes/],
    ['a port in hexadecimal', ['--port', '0x50'], {}, /^--port takes/],
    ['a port with a fraction', ['--port', '80.5'], {}, /^--port takes/],
    ['a variable with a bad value', [], { TLS_PORT: 'x' }, /^TLS_PORT takes a port from 0 to 65535.*, not "x"$/],
    ['no symbols', ['--symbols', '0'], {}, /^--symbols takes a number from 1 to 20, not "0"$/],
    ['too few events', [], { PAPERTAPE_EVENTS_KEPT: '999' }, /^PAPERTAPE_EVENTS_KEPT takes a number from 1000, not/],
    ['a log level of its own', ['--log', 'loud'], {}, /^--log takes silent, error, warn, info or debug, not "loud"$/],
    ['a boolean of its own', [], { PAPERTAPE_MEMORY: 'yes' }, /^PAPERTAPE_MEMORY takes 1 or 0, not "yes"$/],
    ['a pace of its own', ['--pace', 'fast'], {}, /^--pace takes 1x, 10x, 0.5x or max, not "fast"$/],
    ['a pace in a variable', [], { PAPERTAPE_PACE: '0x' }, /^PAPERTAPE_PACE takes 1x, 10x, 0.5x or max, not "0x"$/],
    ['bands of their own', ['--bands', '5%'], {}, /^--bands takes a percentage from 0.01 to 50, or off, not "5%"$/],
    ['a day that runs backwards', ['--schedule', '9:00,8:00'], {}, /^--schedule takes five rising times of day/],
    ['an origin that is none', ['--origins', 'banana'], {}, /^--origins takes a comma list of scheme, host and port/],
    ['any origin', [], { PAPERTAPE_ORIGINS: '*' }, /^PAPERTAPE_ORIGINS takes .*, not "\*"$/],
    ['an origin without a scheme', ['--origins', 'localhost:3000'], {}, /^--origins takes .*, not "localhost:3000"$/],
    ['an origin with a path', ['--origins', 'http://x/app'], {}, /^--origins takes .*, not "http:\/\/x\/app"$/],
    ['the opaque origin', ['--origins', 'https://a.example,null'], {}, /^--origins takes/],
    ['numbers that are no address', ['--host', '256.0.0.1'], {}, /^--host takes an address such as 127.0.0.1 or ::1/],
    ['any address', [], { PAPERTAPE_HOST: '*' }, /^PAPERTAPE_HOST takes an address .*, not "\*"$/],
    ['an address in brackets', ['--host', '[::1]'], {}, /^--host takes an address .*, not "\[::1\]"$/],
    ['an address with a port', ['--host', '127.0.0.1:80'], {}, /^--host takes an address/],
    ['a host with a port', ['--hosts', 'tape.example:80'], {}, /^--hosts takes a comma list of names without ports/],
    ['a proxy by its name', ['--trust-proxy', 'nginx'], {}, /^--trust-proxy takes a comma list of addresses/],
    ['a base path without its slash', ['--base-path', 'tape'], {}, /^--base-path takes a path such as \/tape/],
    ['a base path that climbs', ['--base-path', '/a/../b'], {}, /^--base-path takes/],
    ['a value of two lines', [], { PAPERTAPE_PACE: 'a\nb' }, /^PAPERTAPE_PACE takes 1x/],
    ['an unknown flag', ['--sead', '1'], {}, /--sead.*; --help lists the flags$/],
    ['a flag without its value', ['--port'], {}, /--port.*; --help lists the flags$/],
    ['a value that looks like a flag', ['--port', '-5'], {}, /--port.*; --help lists the flags$/],
    ['a stray word', ['start'], {}, /start.*; --help lists the flags$/],
    ['a switch with a value', ['--memory=1'], {}, /--memory.*; --help lists the flags$/],
    [
      'an unknown variable of ours',
      [],
      { PAPERTAPE_SEAD: '1' },
      /PAPERTAPE_SEAD.*did you mean PAPERTAPE_SEED\? --help lists them$/,
    ],
    ['quotes around a port', [], { PORT: '"8080"' }, /^PORT takes a port.*, not "\\"8080\\""; leave out the quotes$/],
    ['quotes around a folder', [], { PAPERTAPE_DATA: "'./data'" }, /^PAPERTAPE_DATA takes a folder.*the quotes$/],
    [
      'a line end behind a seed',
      [],
      { PAPERTAPE_SEED: '1\r' },
      /^PAPERTAPE_SEED takes.*; leave out the spaces around it$/,
    ],
    ['nothing but spaces', [], { PAPERTAPE_REPLAY: '  ' }, /^PAPERTAPE_REPLAY takes.*; leave out the spaces/],
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

describe('--help', () => {
  test('is asked for by its flag, whatever else is there', () => {
    assert.equal(readConfig(['--help'], {}), 'help')
    assert.equal(readConfig(['--help', '--port', 'x'], {}), 'help')
  })

  test('lists every flag, its variable, what it takes and its default', () => {
    const entries = helpText().split(/\n(?= {2}--)/)
    for (const { flag, env, takes, says, fallback } of Object.values(SETTINGS)) {
      const entry = entries.find(text => text.startsWith(`  --${flag} `))
      assert.ok(entry !== undefined, flag)
      for (const part of [env, takes, says]) assert.ok(entry.includes(part), `${flag}: ${part}`)
      if (fallback !== '') assert.ok(entry.includes(`[${fallback}]`), `${flag}: ${fallback}`)
    }
  })
})

test("paths in flags are the caller's, those of variables and defaults the server's own", () => {
  const read = (args: string[], env = {}) => readConfig(args, env, '/home/ann') as Config
  assert.equal(read(['--replay', 'tapes/a.csv']).replay, '/home/ann/tapes/a.csv')
  assert.equal(read(['--data=market']).dataFolder, '/home/ann/market')
  assert.equal(read(['--data', '/srv/market']).dataFolder, '/srv/market')
  assert.equal(read([]).dataFolder, './data')
  assert.equal(read([], { PAPERTAPE_DATA: 'market', PAPERTAPE_REPLAY: 'a.csv' }).dataFolder, 'market')
  assert.equal(read(['--replay', '']).replay, '')
})
