// From values to places along an axis, with the ticks that a person would have chosen.

export interface Scale {
  readonly kind: 'linear' | 'log'
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  /** NaN for what a logarithm does not take. */
  at(value: number): number
}

const STEPS = [1, 2, 5, 10]
const TICKS_WANTED = 5

export function linearScale(low: number, high: number, from: number, to: number): Scale {
  const rough = (high - low) / TICKS_WANTED
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * STEPS.find(factor => factor * power >= rough * 0.8)!
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  const ticks = Array.from({ length: count }, (_, i) => (first + i) * step)
  return { kind: 'linear', low, high, ticks, at: value => from + ((value - low) / (high - low)) * (to - from) }
}

/** Ticks at the powers of ten, and between them where there are few. */
export function logScale(low: number, high: number, from: number, to: number): Scale {
  const span = Math.log10(high / low)
  const factors = span < 1.5 ? [1, 2, 5] : [1]
  const every = Math.max(1, Math.ceil(span / 6))
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    if (power % every !== 0) continue
    for (const factor of factors) {
      const tick = factor * 10 ** power
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick)
    }
  }
  const at = (value: number) =>
    value > 0 ? from + (Math.log10(value / low) / Math.log10(high / low)) * (to - from) : Number.NaN
  return { kind: 'log', low, high, ticks, at }
}

/** What is written out: the rest as a power of ten. */
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
