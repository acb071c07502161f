// The market makers of docs/bots survive kills of the server, and know what they hold; docs/bots.md shows them as they
// are. `npm run soak -w tests -- bots` has five minutes for each.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { COMMANDS, runBot } from './run-bot.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SECONDS = 12
const KILL_EVERY_SECONDS = 4

describe('bots', { concurrency: true }, () => {
  for (const [bot, command] of Object.entries(COMMANDS)) {
    it(`${bot} ends with the position of the server, after kills`, async test => {
      assert.ok(readFileSync(`${ROOT}docs/bots.md`, 'utf8').includes(readFileSync(`${ROOT}${bot}`, 'utf8')))
      if (spawnSync(command, ['--version']).error !== undefined) {
        test.skip(`${command} is not installed`)
        return
      }
      test.diagnostic(JSON.stringify(await runBot(bot, SECONDS, KILL_EVERY_SECONDS)))
    })
  }
})
