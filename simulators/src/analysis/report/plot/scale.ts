// Maps values to places along an axis, with round ticks, by d3-scale.

import { scaleLinear, scaleLog } from 'd3-scale'

export interface Scale {
  readonly kind: 'linear' | 'log'
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  /** NaN for values without a logarithm. */
  at(value: number): number
}

/** About how many ticks an axis has. With 5 linear ones, an axis from −0.2 to 0.5 would have eight. */
const LINEAR_TICKS = 4.9
const LOG_TICKS = 4
/** Axes of fewer decades than this also have ticks at 2 and 5. */
const DECADES_PLAIN = 1.5

export function linearScale(low: number, high: number, from: number, to: number): Scale {
  const scale = scaleLinear([low, high], [from, to])
  return { kind: 'linear', low, high, ticks: scale.ticks(LINEAR_TICKS), at: value => scale(value) }
}

/** Ticks at powers of ten, and at 2 and 5 between them where there are few. */
export function logScale(low: number, high: number, from: number, to: number): Scale {
  const scale = scaleLog([low, high], [from, to])
  const digits = Math.log10(high / low) < DECADES_PLAIN ? '125' : '1'
  const ticks = scale.ticks(LOG_TICKS).filter(tick => digits.includes(tick.toExponential()[0]!))
  return { kind: 'log', low, high, ticks, at: value => (value > 0 ? scale(value) : Number.NaN) }
}

/** Larger and smaller values have a power of ten as their label. */
const PLAIN_LEAST = 0.00009
const PLAIN_MOST = 10_000
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

export function tickLabel(value: number, kind: Scale['kind']): string {
  const size = Math.abs(value)
  if (kind === 'log' && (size < PLAIN_LEAST || size > PLAIN_MOST)) {
    const power = Math.round(Math.log10(size))
    const digits = [...String(Math.abs(power))].map(digit => SUPERSCRIPTS[Number(digit)]).join('')
    return `10${power < 0 ? '⁻' : ''}${digits}`
  }
  return String(Number(value.toPrecision(6))).replace('-', '−')
}
