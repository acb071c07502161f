// The code that the page shows for each transport, read from the page and run as it is: each program must print what
// the market does, against a server over HTTP/1.1 and one over TLS. A language that is not installed is skipped.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Transport } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import type { Browser, Page } from 'playwright-core'
import { untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** What a program must print, whatever its language. */
const PRINTS: Readonly<Record<Transport, RegExp>> = {
  rest: /VELTR.*0\.01/,
  sse: /[0-9a-z]-\d+.*"tradeId": ?\d+/s,
  longPoll: /[0-9a-z]-\d+.*"tradeId": ?\d+/s,
  websocket: /"type":"execution".*"clientOrderId":"[a-z]+-\d+"/,
}
/** curl cannot log on. The accept value is that of the documents' second example. */
const CURL_SOCKET_PRINTS = /101 Switching.*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=.*"type":"welcome"/s

interface Language {
  readonly file: string
  readonly command: (path: string) => readonly [string, ...string[]]
  /** Fails if the language is not installed. */
  readonly check: (transport: Transport) => readonly [string, ...string[]]
}
const LANGUAGES: Readonly<Record<string, Language>> = {
  Node: { file: 'sample.mjs', command: path => [process.execPath, path], check: () => [process.execPath, '--version'] },
  Python: {
    file: 'sample.py',
    command: path => ['python3', path],
    check: transport => ['python3', '-c', transport === 'websocket' ? 'import websockets.sync.client' : ''],
  },
  Go: {
    file: 'sample.go',
    command: path => ['go', 'run', path],
    check: transport => ['go', ...(transport === 'websocket' ? ['list', 'github.com/gorilla/websocket'] : ['version'])],
  },
  curl: { file: 'sample.sh', command: path => ['sh', path], check: () => ['curl', '--version'] },
}

describe('the code of the transports', () => {
  let server: RunningServer
  let browser: Browser
  let folder: string
  /** By the transport: the code of each language, as the page shows it. */
  const shown = new Map<string, Map<string, string>>()

  before(async () => {
    server = await startServer({ flags: ['--pace', '5x'] })
    browser = await launchBrowser()
    folder = mkdtempSync(join(tmpdir(), 'papertape-samples-'))
    // What npm install would put there.
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
    await untilTrading(server.url, 'VELTR')
    for (const base of [server.url, server.secureUrl]) {
      const { page } = await openPage(browser, `${base}/transports/#need`)
      await untilLive(page)
      for (const transport of Object.keys(PRINTS)) shown.set(base + transport, await readSamples(page, transport))
      await page.context().close()
    }
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  async function readSamples(page: Page, transport: string): Promise<Map<string, string>> {
    await page.getByTestId(`leaf-${transport}`).click()
    await page.locator(`[data-testid=decision-tree][data-transport=${transport}]`).waitFor()
    const samples = new Map<string, string>()
    const box = page.getByTestId('code-samples')
    for (const language of await box.getByRole('tab').allTextContents()) {
      await box.getByRole('tab', { name: language }).click()
      samples.set(language, (await box.locator('code').textContent())!)
    }
    return samples
  }

  for (const transport of Object.keys(PRINTS) as Transport[]) {
    it(`of ${transport} is there for all languages`, () => {
      const languages = [...shown.get(server.url + transport)!.keys()]
      assert.deepEqual(languages, ['Browser', ...Object.keys(LANGUAGES)])
    })

    for (const [language, { file, command, check }] of Object.entries(LANGUAGES)) {
      for (const port of ['HTTP/1.1', 'TLS']) {
        it(`of ${transport} in ${language} runs over ${port}`, async test => {
          const [checker, ...checked] = check(transport)
          if (spawnSync(checker, checked).status !== 0) {
            test.skip(`not installed: ${[checker, ...checked].join(' ')}`)
            return
          }
          const base = port === 'TLS' ? server.secureUrl : server.url
          const path = join(folder, `${transport}-${port.replaceAll(/\W/g, '')}-${file}`)
          writeFileSync(path, shown.get(base + transport)!.get(language)!)
          const isCurlSocket = language === 'curl' && transport === 'websocket'
          await untilPrinted(test, command(path), isCurlSocket ? CURL_SOCKET_PRINTS : PRINTS[transport])
        })
      }
    }

    for (const port of ['HTTP/1.1', 'TLS']) {
      it(`of ${transport} in the console of the browser runs over ${port}`, async () => {
        const base = port === 'TLS' ? server.secureUrl : server.url
        const { page } = await openPage(browser, `${base}/transports/`)
        await untilLive(page)
        const printed = page.waitForEvent('console', {
          predicate: message => PRINTS[transport].test(message.text()),
          timeout: 30_000,
        })
        // The console allows await at the top.
        const code = `(async () => {${shown.get(base + transport)!.get('Browser')}})()`
        await Promise.race([page.evaluate(`void ${code}`), printed])
        await printed
        await page.context().close()
      })
    }
  }

  /** Runs a program until it has printed that, and ends it. Its certificate is the server's own. */
  async function untilPrinted(test: TestContext, [command, ...args]: readonly [string, ...string[]], words: RegExp) {
    const certificate = join(server.dataFolder, 'tls-cert.pem')
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: certificate,
        SSL_CERT_FILE: certificate,
        CURL_CA_BUNDLE: certificate,
      },
      // In a group of its own, so that what a shell starts ends with it.
      detached: true,
    })
    const ended = once(child, 'close')
    test.after(async () => {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL')
      await ended
    })
    let output = ''
    const printed = new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString('latin1')
        if (words.test(output)) resolve()
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('close', () => reject(new Error(`ended without it:\n${output}`)))
    })
    await within(printed, `${words} of ${command}`, 60_000)
  }
})
