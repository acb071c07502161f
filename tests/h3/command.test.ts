// The command `npm run h3` without a browser: what it says and refuses, and that it ends what it has started. The last
// test alone needs Caddy.

import assert from 'node:assert/strict'
import dgram from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { provideProgram } from '../support/programs/provide-program.ts'
import { runH3, SMALL_SERVICE, startH3 } from './running-h3.ts'

const MANIFEST = fileURLToPath(new URL('../../package.json', import.meta.url))
/** A Caddy that does not start. */
const REFUSES = '[ "$1" = version ] && echo v2.6.2 h1:x= || { echo "Error: no certificate today" >&2; exit 1; }'
/** A Caddy that opens the port of its configuration, and ends when somebody connects. */
const ENDS_WHEN_OPEN = `[ "$1" = version ] && echo v2.6.2 && exit
exec "${process.execPath}" -e '
  const [, port] = /localhost:(\\d+)/.exec(require("fs").readFileSync("Caddyfile", "utf8"))
  require("net").createServer(() => process.exit()).listen(port, "127.0.0.1")'`

/** A folder with this script as the program `caddy`. */
function pathWithCaddy(test: TestContext, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-h3-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'caddy'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return folder
}

async function assertClosed(url: string): Promise<void> {
  const error = await fetch(url.replace('localhost', '127.0.0.1')).catch(error => error)
  assert.equal(error.cause?.code, 'ECONNREFUSED', url)
}

describe('npm run h3', () => {
  it('says with --help what it does', async () => {
    const { code, stdout, stderr } = await runH3(['--help'], { PATH: '' })
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^npm run h3 .*--h3-port 8444/)
    assert.match(stdout, /npm start -- --help/)
  })

  it('says in one line how to install Caddy where there is none, and starts nothing', async () => {
    const { code, stdout, stderr } = await runH3(SMALL_SERVICE, { PATH: '' })
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(
      stderr,
      /^papertape-h3: Caddy is not installed\. Install it \(apt install caddy.*npm run h3 again.*\n$/,
    )
    assert.equal(stderr.split('\n').length, 2)
  })

  it('refuses what is no port', async () => {
    for (const words of [['--h3-port', 'x'], ['--h3-port=65536'], ['--h3-port']]) {
      const { code, stdout, stderr } = await runH3(words, { PATH: '' })
      assert.deepEqual([code, stdout], [2, ''], words.join(' '))
      assert.equal(stderr, 'papertape-h3: --h3-port takes a number from 0 to 65535; --help says more\n')
    }
  })

  it('names the port that is in use, for UDP too, and starts nothing', async test => {
    const taken = dgram.createSocket('udp4').bind(0, '127.0.0.1')
    await once(taken, 'listening')
    test.after(() => taken.close())
    const { port } = taken.address()
    const { code, stdout, stderr } = await runH3(['--h3-port', String(port)], {
      PATH: pathWithCaddy(test, REFUSES),
    })
    assert.deepEqual([code, stdout], [1, ''])
    assert.equal(stderr, `papertape-h3: port ${port} is in use; choose another with --h3-port\n`)
  })

  it("leaves the service's flags to the service, and ends as it does", async test => {
    const env = { PATH: pathWithCaddy(test, REFUSES) }
    const { code, stdout, stderr } = await runH3(['--h3-port', '0', '--symbols', '0', '--seed', '7'], env)
    assert.deepEqual([code, stdout], [2, ''])
    const fromFolder = { INIT_CWD: tmpdir(), npm_lifecycle_event: 'h3', npm_package_json: MANIFEST }
    const replayed = await runH3(['--h3-port', '0', '--replay', 'missing.csv'], { ...env, ...fromFolder })
    assert.ok(replayed.stderr.includes(join(tmpdir(), 'missing.csv')), replayed.stderr)
    assert.match(stderr, /^papertape: --symbols takes a number from 1 to 100, not "0"\n$/)
  })

  it('ends the service when Caddy does not start, with the last that Caddy said', async test => {
    const env = { PATH: `${pathWithCaddy(test, REFUSES)}:${process.env.PATH}` }
    const { code, stdout, stderr } = await runH3(['--h3-port', '0', ...SMALL_SERVICE], env)
    assert.equal(code, 1)
    assert.equal(stderr, 'papertape-h3: Caddy did not start: Error: no certificate today\n')
    await assertClosed(/dashboard +(\S+)/.exec(stdout)![1]!)
  })

  it('ends the service when Caddy has ended', async test => {
    const env = { PATH: `${pathWithCaddy(test, ENDS_WHEN_OPEN)}:${process.env.PATH}` }
    const { code, stdout, stderr } = await runH3(['--h3-port', '0', ...SMALL_SERVICE], env)
    assert.equal(code, 1)
    assert.equal(stderr, 'papertape-h3: Caddy has ended, and the service with it; start npm run h3 again\n')
    await assertClosed(/dashboard +(\S+)/.exec(stdout)![1]!)
  })

  it('ends both at a signal', async test => {
    const caddy = provideProgram(test, 'caddy')
    if (caddy === undefined) return
    const running = await startH3(caddy)
    assert.equal((await fetch(`${running.serviceUrl}/health`)).status, 200)
    assert.equal(await running.end('SIGINT'), 0)
    await assertClosed(running.serviceUrl)
    await assertClosed(running.url)
  })
})
