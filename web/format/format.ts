// Numbers, times and directions as text. Pure. Every figure of the dashboard is formatted here, so that columns align.

export const MINUS = '\u2212'
export const NOTHING = '\u2013'

const groups = new Map<number, Intl.NumberFormat>()

function grouped(value: number, decimals: number): string {
  let format = groups.get(decimals)
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    groups.set(decimals, format)
  }
  return format.format(value).replace('-', MINUS)
}

export function formatPrice(price: number | null | undefined, decimals: number): string {
  return price === null || price === undefined ? NOTHING : grouped(price, decimals)
}

export function formatSize(size: number | null | undefined): string {
  return size === null || size === undefined ? NOTHING : grouped(size, 0)
}

/** With its sign, also when it is a gain: `+1.25`, `−0.40`, `0.00`. */
export function formatSigned(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined) return NOTHING
  const text = grouped(Math.abs(value), decimals)
  if (Number(value.toFixed(decimals)) === 0) return text
  return (value > 0 ? '+' : MINUS) + text
}

/** A fraction as a signed percentage: 0.0123 is `+1.23%`. */
export function formatPercent(fraction: number | null | undefined): string {
  return fraction === null || fraction === undefined ? NOTHING : `${formatSigned(fraction * 100, 2)}%`
}

/** A fraction in hundredths of a percent: 0.00016 is `1.6 bp`. */
export function formatBasisPoints(fraction: number): string {
  return `${formatPrice(fraction * 1e4, 1)} bp`
}

export function formatCash(amount: number | null | undefined): string {
  return formatPrice(amount, 2)
}

/**
 * Three figures and a letter: 1,234,567 is `1.23M`.
 * @param largest of the figures that have the same letter.
 */
export function formatCompact(value: number, largest = value): string {
  for (const [least, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e4, 'K'],
  ] as const) {
    if (largest >= least) {
      const scaled = value / (letter === 'K' ? 1e3 : least)
      return `${scaled.toFixed(scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2)}${letter}`
    }
  }
  return formatSize(value)
}

/** A number that is not part of a word, an id, a date or a time. */
const LONE_NUMBER = /(?<![\w.,:#-])\d+(?:\.\d+)?(?![\w:]|[.,-]\d|-\w)/g
/** Prices have at most four decimals; more are the noise of binary fractions. */
const DECIMALS_MAX = 4

/** A text of the server with its numbers formatted: `18552000` becomes `18,552,000`. */
export function groupNumbers(text: string): string {
  return text.replace(LONE_NUMBER, written => {
    const fraction = written.split('.')[1] ?? ''
    if (fraction.length > DECIMALS_MAX)
      return Number(written).toLocaleString('en-US', { maximumFractionDigits: DECIMALS_MAX })
    return grouped(Number(written), fraction.length)
  })
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** An age: milliseconds below a second, then seconds, then minutes. */
export function formatAge(ageMs: number | null): string {
  if (ageMs === null) return NOTHING
  if (ageMs < 1_000) return `${Math.max(0, Math.round(ageMs))} ms`
  if (ageMs < 10_000) return `${(ageMs / 1_000).toFixed(1)} s`
  if (ageMs < 120_000) return `${Math.round(ageMs / 1_000)} s`
  return `${Math.round(ageMs / 60_000)} min`
}

/** The time that is left: `0:07`, `4:12`, from an hour on `1 h 04 min`, which is not read as a time of day. */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000))
  const twoDigits = (value: number) => String(value % 60).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}:${twoDigits(seconds)}` : `${Math.floor(minutes / 60)} h ${twoDigits(minutes)} min`
}

/** The market's clock, UTC: `14:03:07`. */
export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 19)
}

export type Direction = 'up' | 'down' | 'flat'

export function directionOf(value: number | null | undefined): Direction {
  if (value === null || value === undefined || value === 0) return 'flat'
  return value > 0 ? 'up' : 'down'
}

/** Shown beside the colour, for people who cannot distinguish the colours. */
export const ARROWS: Readonly<Record<Direction, string>> = { up: '\u25b2', down: '\u25bc', flat: '\u00a0' }
