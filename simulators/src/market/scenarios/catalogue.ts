// The scenarios as data: their steps, and what a recorded run must show of each. To add one: a name in
// planned-scenario.ts and an entry here; the command line and the tests take it from there.

import type { ScenarioName } from '../../planned-scenario.ts'
import { SESSION_MS } from '../intraday-profile.ts'
import type { Scenario } from './scenario.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
/** Leaves a stretch before the scenario to compare with. */
const LATER_MS = 10 * MINUTE_MS

export const SCENARIOS = {
  'calm-day': {
    title: 'Calm day',
    description: 'Values move less than half as much as usual, and all participants trade less.',
    usualStartMs: 0,
    steps: [{ kind: 'conditions', atMs: 0, forMs: SESSION_MS, symbols: 'all', volatility: 0.4, activity: 0.6 }],
    expect: [
      {
        description: 'prices move at most 0.7 times as much as on a usual day',
        measure: 'volatility',
        fromMs: 0,
        toMs: 40 * MINUTE_MS,
        against: 'normal',
        most: 0.7,
      },
      {
        description: 'at most 0.8 times the events',
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
        kind: 'conditions',
        atMs: 0,
        forMs: SESSION_MS,
        symbols: 'all',
        volatility: 2.5,
        activity: 2.5,
        depth: 0.6,
        spread: 1.5,
      },
    ],
    expect: [
      {
        description: 'prices move at least 1.7 times as much as on a usual day',
        measure: 'volatility',
        fromMs: 0,
        toMs: 40 * MINUTE_MS,
        against: 'normal',
        least: 1.7,
      },
      {
        description: 'at least 1.4 times the volume',
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
      'Large sellers move prices down by some 7 % within four minutes while books get thin, most at the low; then buyers return, sooner in some symbols than in others.',
    usualStartMs: LATER_MS,
    steps: [
      { kind: 'conditions', atMs: 0, forMs: 2 * MINUTE_MS, symbols: 'all', volatility: 2, depth: 0.6, spread: 1.5 },
      { kind: 'press', atMs: 0, forMs: 4 * MINUTE_MS, symbols: 'all', side: 'sell', fraction: -0.07, varies: true },
      {
        kind: 'conditions',
        atMs: 2 * MINUTE_MS,
        forMs: 3 * MINUTE_MS,
        symbols: 'all',
        volatility: 3,
        depth: 0.25,
        spread: 3,
      },
      {
        kind: 'press',
        atMs: 5 * MINUTE_MS,
        forMs: 10 * MINUTE_MS,
        symbols: 'all',
        side: 'buy',
        fraction: -0.015,
        varies: true,
      },
    ],
    expect: [
      {
        description: 'within 5 minutes the price is 5 % to 9 % lower',
        measure: 'lowestMid',
        fromMs: 0,
        toMs: 5 * MINUTE_MS,
        least: -0.09,
        most: -0.05,
      },
      {
        description: 'gradually: no trade is more than 3.5 % lower in the first minute',
        measure: 'lowestTrade',
        fromMs: 0,
        toMs: MINUTE_MS,
        least: -0.035,
      },
      {
        description: 'within 20 minutes at least 60 % of the fall is recovered',
        measure: 'recovered',
        fromMs: 0,
        toMs: 20 * MINUTE_MS,
        least: 0.6,
      },
      {
        description: 'at the low the spread is at least twice the usual one',
        measure: 'spread',
        fromMs: 2.5 * MINUTE_MS,
        toMs: 4.5 * MINUTE_MS,
        against: 'before',
        least: 2,
      },
      {
        description: 'at the low the books have at most half of the usual depth',
        measure: 'depth',
        fromMs: 2.5 * MINUTE_MS,
        toMs: 4.5 * MINUTE_MS,
        against: 'before',
        most: 0.5,
      },
      {
        description: 'at least twice the volume while it falls',
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
    description: 'An order with a mistyped size: one sell order sweeps the book of the first symbol.',
    usualStartMs: LATER_MS,
    steps: [{ kind: 'sweep', atMs: 0, symbols: 'first', side: 'sell', fraction: -0.015, dayShare: 0.2 }],
    expect: [
      {
        description: 'one order trades at 8 prices or more',
        measure: 'sweptLevels',
        fromMs: 0,
        toMs: SECOND_MS,
        least: 8,
      },
      {
        description: 'the price is at least 0.5 % lower for a moment',
        measure: 'lowestTrade',
        fromMs: 0,
        toMs: SECOND_MS,
        most: -0.005,
      },
      {
        description: 'a minute later at least 60 % of the fall is recovered',
        measure: 'recovered',
        fromMs: 0,
        toMs: MINUTE_MS,
        least: 0.6,
      },
    ],
  },
  'news-jump': {
    title: 'News jump',
    description: 'A headline about the first company: the value of its share drops by 4 % at once and stays there.',
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
      {
        kind: 'conditions',
        atMs: 0,
        forMs: 10 * MINUTE_MS,
        symbols: 'first',
        activity: 3,
        volatility: 1.5,
        spread: 1.3,
      },
    ],
    expect: [
      {
        description: 'a minute later the price is 3 % to 5 % lower',
        measure: 'moveAtEnd',
        fromMs: 0,
        toMs: MINUTE_MS,
        least: -0.05,
        most: -0.03,
      },
      {
        description: 'twenty minutes later the price is 2.5 % to 5.5 % lower',
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
      'The first symbol is halted for five minutes; after one minute of order entry an auction reopens trading.',
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
        reason: 'order entry for the reopening',
        untilMs: 6 * MINUTE_MS,
      },
      { kind: 'phase', atMs: 6 * MINUTE_MS, symbols: 'first', phase: 'continuous', reason: null, untilMs: null },
    ],
    expect: [
      {
        description: 'no trade for six minutes',
        measure: 'trades',
        fromMs: 1,
        toMs: 6 * MINUTE_MS,
        most: 0,
      },
      {
        description: 'an auction reopens trading, with many orders of both sides',
        measure: 'trades',
        fromMs: 6 * MINUTE_MS,
        toMs: 6 * MINUTE_MS + 1,
        least: 20,
      },
      {
        description: 'trades in the minute after',
        measure: 'trades',
        fromMs: 6 * MINUTE_MS,
        toMs: 7 * MINUTE_MS,
        least: 1,
      },
      {
        description: 'a spread of at most 1.5 times the one before',
        measure: 'spread',
        fromMs: 6.25 * MINUTE_MS,
        toMs: 12 * MINUTE_MS,
        against: 'before',
        most: 1.5,
      },
      {
        description: 'it opens within 2 % of where it was halted',
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
      'For ten minutes most liquidity is withdrawn: at most a fifth of the usual depth, at five times the spread.',
    usualStartMs: LATER_MS,
    steps: [{ kind: 'conditions', atMs: 0, forMs: 10 * MINUTE_MS, symbols: 'all', depth: 0.2, spread: 5 }],
    expect: [
      {
        description: 'at most a quarter of the depth in five levels',
        measure: 'depth',
        fromMs: 0,
        toMs: 10 * MINUTE_MS,
        against: 'before',
        most: 0.25,
      },
      {
        description: 'at once: in the first minute at most half of the depth',
        measure: 'depth',
        fromMs: 0,
        toMs: MINUTE_MS,
        against: 'before',
        most: 0.5,
      },
      {
        description: 'at least three times the spread',
        measure: 'spread',
        fromMs: 0,
        toMs: 10 * MINUTE_MS,
        against: 'before',
        least: 3,
      },
      {
        description: 'the usual spread again afterwards',
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
    description: 'Ten times the usual activity in the first five minutes after the open.',
    usualStartMs: 0,
    steps: [{ kind: 'conditions', atMs: 0, forMs: 5 * MINUTE_MS, symbols: 'all', activity: 10, volatility: 2 }],
    expect: [
      {
        description: 'in each of the first five minutes at least 3 times the volume of those that follow',
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
      'For a minute hundreds of orders a second are placed and cancelled at once: at least ten times the usual events.',
    usualStartMs: LATER_MS,
    steps: [{ kind: 'burst', atMs: 0, forMs: MINUTE_MS, symbols: 'all', ordersPerS: 150 }],
    expect: [
      {
        description: 'at least 8 times the events',
        measure: 'eventRate',
        fromMs: 0,
        toMs: MINUTE_MS,
        against: 'before',
        least: 8,
      },
    ],
  },
} as const satisfies Record<ScenarioName, Scenario>
