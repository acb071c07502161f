// Parsing of a schedule of scenarios, and its errors.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatScenarioSchedule, parseScenarioSchedule, ScheduleError } from './scenario-schedule.ts'

const MINUTE_MS = 60_000
const midnightTime = 1_767_589_200_000
const startTime = midnightTime + 9.5 * 60 * MINUTE_MS
const times = { startTime, midnightTime, durationMs: 120 * MINUTE_MS }

test('scenarios start at a time of day, after a delay, or at their default start', () => {
  assert.deepEqual(parseScenarioSchedule(undefined, times), [])
  assert.deepEqual(parseScenarioSchedule('flash-crash@10:30,halt+90s,news-jump@10:45:30,calm-day,feed-burst', times), [
    { name: 'flash-crash', startTime: startTime + 60 * MINUTE_MS },
    { name: 'halt', startTime: startTime + 1.5 * MINUTE_MS },
    { name: 'news-jump', startTime: startTime + 75.5 * MINUTE_MS },
    { name: 'calm-day', startTime },
    { name: 'feed-burst', startTime: startTime + 10 * MINUTE_MS },
  ])
})

test('a delay may have several units, after + or @', () => {
  const startsAt = (text: string) => parseScenarioSchedule(text, times)[0]!.startTime - startTime
  assert.deepEqual(
    ['halt+1h30m', 'halt@1h30m', 'halt@10:30'].map(startsAt),
    [90, 90, 60].map(min => min * MINUTE_MS),
  )
})

test('a formatted schedule parses to the same', () => {
  const twoDays = { ...times, durationMs: 48 * 60 * MINUTE_MS }
  const scenarios = parseScenarioSchedule('flash-crash@10:30,halt+90s,halt+1d2h,news-jump+1500ms', twoDays)
  const text = formatScenarioSchedule(scenarios, twoDays)
  assert.equal(text, 'flash-crash@10:30:00,halt@09:31:30,halt+93600000ms,news-jump+1500ms')
  assert.deepEqual(parseScenarioSchedule(text, twoDays), scenarios)
})

test('errors show valid values', () => {
  const refused: readonly [string, RegExp][] = [
    ['crash', /^there is no scenario "crash": the scenarios are calm-day, .*feed-burst; did you mean flash-crash\?$/],
    ['hlat', /; did you mean halt\?$/],
    ['', /no scenario ""/],
    ['halt,', /no scenario ""/],
    ['halt@noon', /halt@10:30 or halt\+20m, within the run, not "halt@noon": the run goes from 09:30:00 to 11:30:00/],
    ['halt@25:00', /not "halt@25:00"/],
    ['halt@11:30', /not "halt@11:30"/],
    ['halt+3h', /not "halt\+3h"/],
    ['halt+soon', /not "halt\+soon"/],
  ]
  for (const [text, message] of refused)
    assert.throws(() => parseScenarioSchedule(text, times), { message, constructor: ScheduleError })
})
