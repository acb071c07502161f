// What a stylised fact is: its measure, its target ranges, and the values of real days and of ABIDES. Types and short
// forms for the tables beside it.

import type { Preset } from '../../../market/preset.ts'

/** The target range of a fact, ends included. */
export interface Band {
  readonly low: number
  readonly high: number
}

/** One value, or the lowest and the highest of several. */
export type Figure = number | readonly [low: number, high: number]

export interface Fact {
  readonly title: string
  /** '' for a plain number. */
  readonly unit: '' | 's' | 'ticks' | 'bp' | '%' | 'level' | 'shares'
  /** Decimals in tables. */
  readonly decimals: number
  /** How it is measured. */
  readonly measure: string
  /** Its targets; a fact without one is reported, not judged. */
  readonly bands?: Readonly<Partial<Record<Preset, Band>>>
  /** Measured over all days together, because one day has too little data. The others are medians over days. */
  readonly pooled?: true
  /** NASDAQ 2012-06-21: AMZN the whole day, AAPL and MSFT the first hour. TAQ: two days, or 22 days of minutes. */
  readonly real?: Readonly<Partial<Record<RealName, Figure>>>
  /** ABIDES RMSC04 with its defaults, five seeds of one day. */
  readonly abides?: Figure
  /** The source of the target, beside the real days. */
  readonly source?: string
}

export const REAL_NAMES = ['AAPL', 'MSFT', 'AMZN', 'TAQ'] as const
export type RealName = (typeof REAL_NAMES)[number]

export const MOST = Number.POSITIVE_INFINITY

/** The same target in both presets. */
export function both(low: number, high: number) {
  return { 'small-tick': { low, high }, 'large-tick': { low, high } }
}

export function smallTick(low: number, high: number) {
  return { 'small-tick': { low, high } }
}

export const CONT = 'Cont 2001'
