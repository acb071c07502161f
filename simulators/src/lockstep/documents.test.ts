// docs/lockstep.md: its examples are answered as it shows, but for the numbers, which change with the market's model;
// its tables have every field of `open` and every error.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { LOCKSTEP_ERRORS } from './lockstep-error.ts'
import { LOCKSTEP_REQUESTS } from './requests.ts'
import { createLockstepSession } from './session.ts'

const DOCUMENT = readFileSync(new URL('../../../docs/lockstep.md', import.meta.url), 'utf8')

const masked = (text: string) => text.replace(/(?<![\w"])-?\d+(\.\d+)?/g, '0')

test('the examples of docs/lockstep.md are answered as it shows', () => {
  const session = createLockstepSession()
  const examples = [...DOCUMENT.matchAll(/^> (.*)\n< (.*)$/gm)]
  assert.ok(examples.length > 8)
  for (const [, request = '', shown = ''] of examples) {
    const answer = masked(session.answer(request))
    let from = 0
    const parts = masked(shown).split('…')
    for (const [i, part] of parts.entries()) {
      const at = answer.indexOf(part, from)
      assert.ok(at >= 0 && (i > 0 || at === 0), `${request}: ${part} in ${answer}`)
      from = at + part.length
    }
    assert.equal(from, parts.at(-1) === '' ? from : answer.length, request)
  }
})

test('docs/lockstep.md has every request, field of open and error', () => {
  for (const name of Object.keys(LOCKSTEP_REQUESTS)) assert.ok(DOCUMENT.includes(`{"type":"${name}"`), name)
  for (const name of Object.keys(LOCKSTEP_REQUESTS.open.properties)) {
    if (name !== 'type') assert.ok(DOCUMENT.includes(`| \`${name}\` | `), name)
  }
  for (const [code, meaning] of Object.entries(LOCKSTEP_ERRORS)) {
    assert.ok(DOCUMENT.includes(`| \`${code}\` | ${meaning} |`), code)
  }
})
