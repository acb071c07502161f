// Runs the README's subscribers unchanged: each must print trades and continue after the server was killed. Recipes
// that are tests themselves are shown as they are.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { within } from '@papertape/protocol/testing/within'
import { type RunningServer, startServer } from '../support/server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const README = readFileSync(`${ROOT}/README.md`, 'utf8')

describe('the subscribers of the README', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--pace', '5x'] })
  })
  after(() => server.dispose())

  for (const [file, command] of [
    ['docs/snippets/subscribe.mjs', process.execPath],
    ['docs/snippets/subscribe.py', 'python3'],
  ] as const) {
    it(`${file} prints each trade once, across a kill -9`, async test => {
      assert.ok(README.includes(readFileSync(`${ROOT}/${file}`, 'utf8')), 'the README shows the file as it is')
      if (spawnSync(command, ['--version']).error !== undefined) {
        test.skip(`${command} is not installed`)
        return
      }
      const seqs = printedSeqs(test, command, [`${ROOT}/${file}`, server.url])
      await seqs.atLeast(3)
      await server.kill('SIGKILL')
      await server.restart()
      await seqs.atLeast(seqs.all.length + 3)
      assert.deepEqual(
        seqs.all,
        [...new Set(seqs.all)].sort((a, b) => a - b),
      )
    })
  }
})

it('docs/mocks.md shows the recipe of tests/mocks as it is', () => {
  const recipe = readFileSync(`${ROOT}/tests/mocks/recipe.test.ts`, 'utf8')
  assert.ok(readFileSync(`${ROOT}/docs/mocks.md`, 'utf8').includes(recipe))
})

/** The seq of each trade that a subscriber prints. */
function printedSeqs(test: TestContext, command: string, args: string[]) {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  test.after(() => child.kill('SIGKILL'))
  const all: number[] = []
  let rest = ''
  let wake = () => {}
  child.stdout!.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) all.push(Number(/["']seq["']: ?(\d+)/.exec(line)![1]))
    wake()
  })
  return {
    all,
    async atLeast(count: number) {
      while (all.length < count) {
        const printed = new Promise<void>(resolve => {
          wake = resolve
        })
        await within(printed, `${count} events`)
      }
    },
  }
}
