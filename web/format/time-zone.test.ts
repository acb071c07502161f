// Times in UTC and in the zone of the browser, whichever zone the tests run in.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { formatClock, formatDay, formatMoment, zoneName } from './time-zone.ts'

const WINTER = Date.UTC(2026, 0, 5, 23, 30, 7)

test('UTC is the same everywhere', () => {
  assert.deepEqual(
    [
      formatClock(WINTER, 'utc', false),
      formatClock(WINTER, 'utc', true),
      formatDay(WINTER, 'utc'),
      zoneName(WINTER, 'utc'),
    ],
    ['23:30', '23:30:07', '5 Jan', 'UTC'],
  )
  assert.equal(formatMoment(WINTER), '5 Jan 23:30:07')
})

test('local times have the day and the offset of their zone, with summer time', () => {
  const script = `
    import { formatClock, formatDay, zoneName } from ${JSON.stringify(import.meta.resolve('./time-zone.ts'))}
    const of = at => [formatDay(at, 'local'), formatClock(at, 'local', false), zoneName(at, 'local')].join(' ')
    console.log(of(${WINTER}) + ', ' + of(${Date.UTC(2026, 6, 5, 12)}))`
  const inZone = (TZ: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
    }).trim()
  assert.equal(inZone('Europe/Berlin'), '6 Jan 00:30 UTC+1, 5 Jul 14:00 UTC+2')
  assert.equal(inZone('America/St_Johns'), '5 Jan 20:00 UTC−3:30, 5 Jul 09:30 UTC−2:30')
  assert.equal(inZone('Europe/London'), '5 Jan 23:30 UTC+0, 5 Jul 13:00 UTC+1')
})
