// The scenarios that there are, by name. To add one: an entry here, with what must be seen of it; the tests, the command
// line and the documents take it from there.

import type { ScenarioName } from '../../planned-scenario.ts'
import { DAY_MS } from '../intraday-profile.ts'
import type { Scenario } from './scenario.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
/** Long enough for a "before" to compare with. */
const LATER_MS = 10 * MINUTE_MS

export const SCENARIOS = {
  'calm-day': {
    title: 'Calm day',
    description: 'Little happens: values move less than half as much as usual, and everybody trades less.',
    usualStartMs: 0,
    steps: [{ kind: 'climate', atMs: 0, forMs: DAY_MS, symbols: 'all', volatility: 0.4, activity: 0.6 }],
    expect: [
      {
        says: 'prices move at most 0.7 times as much as on a usual day',
        measure: 'volatility',
        fromMs: 0,
        toMs: 40 * MINUTE_MS,
        against: 'normal',
        most: 0.7,
      },
      {
        says: 'at most 0.8 times the events',
        measure: 'eventRate',
        fromMs: 0,
        toMs: 40 * MINUTE_MS,
        against: 'normal',
        most: 0.8,
      },
    ],
  },
  'volatile-day': {
    title: 'Volatile day',
    description: 'Values move two and a half times as much as usual; trading is busy, books are thinner and wider.',
    usualStartMs: 0,
    steps: [
      {
        kind: 'climate',
        atMs: 0,
        forMs: DAY_MS,
        symbols: 'all',
        volatility: 2.5,
        activity: 2.5,
        depth: 0.6,
        spread: 1.5,
      },
    ],
    expect: [
      {
        says: 'prices move at least 1.7 times as much as on a usual day',
        measure: 'volatility',
        fromMs: 0,
        toMs: 40 * MINUTE_MS,
        against: 'normal',
        least: 1.7,
      },
      {
        says: 'at least 1.4 times the volume',
        measure: 'volumeRate',
        fromMs: 0,
        toMs: 40 * MINUTE_MS,
        against: 'normal',
        least: 1.4,
      },
    ],
  },
  'flash-crash': {
    title: 'Flash crash',
    description:
      'A large seller presses prices down by seven hundredths within four minutes, into books that get thin; a minute later buyers find them cheap.',
    usualStartMs: LATER_MS,
    steps: [
      { kind: 'climate', atMs: 0, forMs: 5 * MINUTE_MS, symbols: 'all', volatility: 3, depth: 0.4, spread: 2 },
      { kind: 'press', atMs: 0, forMs: 4 * MINUTE_MS, symbols: 'all', side: 'sell', fraction: -0.07 },
      { kind: 'press', atMs: 5 * MINUTE_MS, forMs: 10 * MINUTE_MS, symbols: 'all', side: 'buy', fraction: -0.015 },
    ],
    expect: [
      {
        says: 'within 5 minutes the price is 5 % to 9 % lower',
        measure: 'lowestMid',
        fromMs: 0,
        toMs: 5 * MINUTE_MS,
        least: -0.09,
        most: -0.05,
      },
      {
        says: 'it takes its time: nobody trades more than 3.5 % lower in the first minute',
        measure: 'lowestTrade',
        fromMs: 0,
        toMs: MINUTE_MS,
        least: -0.035,
      },
      {
        says: 'within 20 minutes at least 60 % of the fall is back',
        measure: 'recovered',
        fromMs: 0,
        toMs: 20 * MINUTE_MS,
        least: 0.6,
      },
      {
        says: 'at least twice the volume while it falls',
        measure: 'volumeRate',
        fromMs: 0,
        toMs: 4 * MINUTE_MS,
        against: 'before',
        least: 2,
      },
    ],
  },
  'fat-finger': {
    title: 'Fat finger',
    description: 'Somebody types zeros too many: one sell order eats through the book of the first symbol.',
    usualStartMs: LATER_MS,
    steps: [{ kind: 'sweep', atMs: 0, symbols: 'first', side: 'sell', fraction: -0.015, dayShare: 0.2 }],
    expect: [
      {
        says: 'one order trades at 8 prices or more',
        measure: 'sweptLevels',
        fromMs: 0,
        toMs: SECOND_MS,
        least: 8,
      },
      {
        says: 'the price is at least 0.5 % lower for a moment',
        measure: 'lowestTrade',
        fromMs: 0,
        toMs: SECOND_MS,
        most: -0.005,
      },
      {
        says: 'a minute later at least 60 % of the fall is back',
        measure: 'recovered',
        fromMs: 0,
        toMs: MINUTE_MS,
        least: 0.6,
      },
    ],
  },
  'news-jump': {
    title: 'News jump',
    description:
      'A headline about the first company: its share is worth four hundredths less at once, and stays there.',
    usualStartMs: LATER_MS,
    steps: [
      {
        kind: 'news',
        atMs: 0,
        symbols: 'first',
        severity: 'alert',
        headline: '{name} cuts its forecast for the year',
      },
      { kind: 'jump', atMs: 0, symbols: 'first', fraction: -0.04 },
      { kind: 'climate', atMs: 0, forMs: 10 * MINUTE_MS, symbols: 'first', activity: 3, volatility: 1.5, spread: 1.3 },
    ],
    expect: [
      {
        says: 'a minute later the price is 3 % to 5 % lower',
        measure: 'moveAtEnd',
        fromMs: 0,
        toMs: MINUTE_MS,
        least: -0.05,
        most: -0.03,
      },
      {
        says: 'twenty minutes later it still is',
        measure: 'moveAtEnd',
        fromMs: 0,
        toMs: 20 * MINUTE_MS,
        least: -0.055,
        most: -0.025,
      },
    ],
  },
  halt: {
    title: 'Halt',
    description:
      'The first symbol is halted for five minutes; a minute of call lets orders gather, and an auction opens trading again.',
    usualStartMs: LATER_MS,
    steps: [
      {
        kind: 'phase',
        atMs: 0,
        symbols: 'first',
        phase: 'halted',
        reason: 'news pending',
        untilMs: 6 * MINUTE_MS,
      },
      {
        kind: 'phase',
        atMs: 5 * MINUTE_MS,
        symbols: 'first',
        phase: 'paused',
        reason: 'orders gather for the reopening',
        untilMs: 6 * MINUTE_MS,
      },
      { kind: 'phase', atMs: 6 * MINUTE_MS, symbols: 'first', phase: 'continuous', reason: null, untilMs: null },
    ],
    expect: [
      {
        says: 'no trade for six minutes',
        measure: 'trades',
        fromMs: 1,
        toMs: 6 * MINUTE_MS,
        most: 0,
      },
      {
        says: 'trades in the minute after',
        measure: 'trades',
        fromMs: 6 * MINUTE_MS,
        toMs: 7 * MINUTE_MS,
        least: 1,
      },
      {
        says: 'a spread of at most 1.5 times the one before',
        measure: 'spread',
        fromMs: 6.25 * MINUTE_MS,
        toMs: 12 * MINUTE_MS,
        against: 'before',
        most: 1.5,
      },
      {
        says: 'it opens within 2 % of where it was halted',
        measure: 'moveAtEnd',
        fromMs: 0,
        toMs: 6.25 * MINUTE_MS,
        least: -0.02,
        most: 0.02,
      },
    ],
  },
  'liquidity-drought': {
    title: 'Liquidity drought',
    description:
      'For ten minutes most of those who quote stay away: a fifth of the usual depth or less, at five times the spread.',
    usualStartMs: LATER_MS,
    steps: [{ kind: 'climate', atMs: 0, forMs: 10 * MINUTE_MS, symbols: 'all', depth: 0.2, spread: 5 }],
    expect: [
      {
        says: 'at most a quarter of the depth in five levels',
        measure: 'depth',
        fromMs: 0,
        toMs: 10 * MINUTE_MS,
        against: 'before',
        most: 0.25,
      },
      {
        says: 'at once: in its first minute at most half',
        measure: 'depth',
        fromMs: 0,
        toMs: MINUTE_MS,
        against: 'before',
        most: 0.5,
      },
      {
        says: 'at least three times the spread',
        measure: 'spread',
        fromMs: 0,
        toMs: 10 * MINUTE_MS,
        against: 'before',
        least: 3,
      },
      {
        says: 'the usual spread again afterwards',
        measure: 'spread',
        fromMs: 11 * MINUTE_MS,
        toMs: 20 * MINUTE_MS,
        against: 'before',
        most: 1.5,
      },
    ],
  },
  'opening-rush': {
    title: 'Opening rush',
    description: 'Everybody comes at once when the market opens; five minutes later it is over.',
    usualStartMs: 0,
    steps: [{ kind: 'climate', atMs: 0, forMs: 5 * MINUTE_MS, symbols: 'all', activity: 10, volatility: 2 }],
    expect: [
      {
        says: 'in each of the first five minutes at least 3 times the volume of those that follow',
        measure: 'volumeRate',
        fromMs: 0,
        toMs: 5 * MINUTE_MS,
        against: 'after',
        least: 3,
      },
    ],
  },
  'feed-burst': {
    title: 'Feed burst',
    description:
      'For a minute somebody places orders by the hundred and takes them back at once: ten times the usual feed, or more.',
    usualStartMs: LATER_MS,
    steps: [{ kind: 'burst', atMs: 0, forMs: MINUTE_MS, symbols: 'all', ordersPerS: 150 }],
    expect: [
      {
        says: 'at least 8 times the events',
        measure: 'eventRate',
        fromMs: 0,
        toMs: MINUTE_MS,
        against: 'before',
        least: 8,
      },
    ],
  },
} as const satisfies Record<ScenarioName, Scenario>
