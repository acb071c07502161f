// Reads a size or a price that a person has typed or pasted. What can be read in two ways is refused, with how to write
// it: a comma taken for nothing turns 6,85 into 685. Pure; the ticket and the edit of an open order both read through it.

/** A number, or why it is none and how to write it; `empty` when nothing stands there. */
export type TypedNumber =
  | { readonly value: number }
  | { readonly problem: string; readonly value?: undefined; readonly empty?: true }

/** A double holds fifteen decimal digits for certain; more could be sent as another number. */
const DIGITS_MAX = 15

const PLAIN = /^(?:\d+\.?\d*|\.\d+)$/
/** Thousands in the English way: `1,000`, `12,345.50`. The first group has no leading zero: `0,500` is a decimal comma. */
const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/
/** One separator with three digits after it: a decimal point here, a thousands separator elsewhere. */
const TWO_WAYS = /^([1-9]\d{0,2})[.,](\d{3})$/

/**
 * @param decimals how many decimals the field's numbers have. With three or more, `1.500` is how they are written; with
 * fewer it may be fifteen hundred, so it is refused. `1,500` is the other way about. `184.817` in a field of two decimals
 * is read: it is off the tick, and the caller says which prices are next to it.
 */
export function readTypedNumber(text: string, decimals: number): TypedNumber {
  const typed = text.trim()
  if (typed === '') return { problem: 'Enter a number.', empty: true }
  const refuse = (how: string) => ({ problem: `\u201c${shorten(typed)}\u201d is not clear: ${how}` })
  const isGrouped = GROUPED.test(typed)
  if (!PLAIN.test(typed) && !isGrouped) return refuse(howToWrite(typed))
  if (typed.replaceAll(/\D/g, '').replace(/^0+/, '').length > DIGITS_MAX) {
    const what = Number(typed.replaceAll(',', '')) >= 10 ** DIGITS_MAX ? 'is too large' : 'has too many digits'
    return { problem: `\u201c${shorten(typed)}\u201d ${what}: write at most ${DIGITS_MAX} digits.` }
  }
  const [, whole, rest] = TWO_WAYS.exec(typed) ?? []
  if (whole !== undefined && rest !== undefined) {
    const hasPoint = typed.includes('.')
    const fraction = decimals >= 3 ? `${whole}.${rest}` : `${whole}.${rest}`.replace(/\.?0+$/, '')
    const fits = (fraction.split('.')[1]?.length ?? 0) <= decimals
    if (!hasPoint && decimals >= 3) return refuse(`write ${whole}${rest}, or ${fraction} with a point.`)
    if (hasPoint && decimals < 3 && fits) return refuse(`write ${whole}${rest}, or ${fraction}.`)
    if (hasPoint && decimals === 0) return refuse(`write ${whole}${rest} without a separator.`)
  }
  return { value: Number(isGrouped ? typed.replaceAll(',', '') : typed) }
}

/** The first thing that is wrong, as an instruction. */
function howToWrite(typed: string): string {
  if (/^[-\u2212\u2013]/.test(typed)) return 'numbers here have no sign; choose Buy or Sell instead.'
  if (/^\+/.test(typed)) return 'leave out the plus sign.'
  if (/\p{Nd}/u.test(typed.replaceAll(/[0-9]/g, ''))) return 'write the digits 0 to 9.'
  if (/\p{Sc}/u.test(typed)) return 'leave out the currency sign.'
  if (/^0x|^[\d.,]+e[+-]?\d+$/i.test(typed)) return 'write it out in digits, such as 1000.'
  if (/^\d[\d.,]*[\s'\u2019_][\d.,\s'\u2019_]*$/.test(typed))
    return 'write thousands without a separator, such as 1000.'
  const comma = /^(\d+),(\d*)$/.exec(typed)
  if (comma !== null) return `use a point for decimals${comma[2] === '' ? '.' : `, such as ${comma[1]}.${comma[2]}.`}`
  if (/^[\d.,]+$/.test(typed)) return 'use one point for decimals and no other separator, such as 1000.50.'
  return 'write digits, with a point for decimals.'
}

const shorten = (text: string) => (text.length > 20 ? `${text.slice(0, 20)}\u2026` : text)
