// Parses a size or a price that a person typed or pasted. Ambiguous text is refused, with how to write it: ignoring a
// comma would turn 6,85 into 685. Pure. Used by the ticket and by the edit of an open order.

/** A number, or what is wrong and how to write it; `empty` for an empty field. */
export type TypedNumber =
  | { readonly value: number }
  | { readonly problem: string; readonly value?: undefined; readonly empty?: true }

/** A double holds fifteen decimal digits exactly; with more, another number could be sent. */
const DIGITS_MAX = 15

const PLAIN = /^(?:\d+\.?\d*|\.\d+)$/
/** English thousands: `1,000`, `12,345.50`. The first group has no leading zero: `0,500` is a decimal comma. */
const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/
/** One separator with three digits after it: a decimal point here, a thousands separator elsewhere. */
const AMBIGUOUS = /^([1-9]\d{0,2})[.,](\d{3})$/

/**
 * @param decimals how many decimals the field's numbers have. With three or more, `1.500` is a plain number; with fewer
 * it may mean fifteen hundred and is refused. `1,500` is the opposite. `184.817` in a field of two decimals is
 * accepted: it is off the tick, and the caller names the nearest prices.
 */
export function readTypedNumber(text: string, decimals: number): TypedNumber {
  const typed = text.trim()
  if (typed === '') return { problem: 'Enter a number.', empty: true }
  const refuse = (how: string) => ({ problem: `\u201c${shorten(typed)}\u201d is not clear: ${how}` })
  const isGrouped = GROUPED.test(typed)
  if (!PLAIN.test(typed) && !isGrouped) return refuse(howToWrite(typed, decimals))
  if (typed.replaceAll(/\D/g, '').replace(/^0+/, '').length > DIGITS_MAX) {
    const what = Number(typed.replaceAll(',', '')) >= 10 ** DIGITS_MAX ? 'is too large' : 'has too many digits'
    return { problem: `\u201c${shorten(typed)}\u201d ${what}: write at most ${DIGITS_MAX} digits.` }
  }
  const [, whole, rest] = AMBIGUOUS.exec(typed) ?? []
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

/** The first mistake, as an instruction. */
function howToWrite(typed: string, decimals: number): string {
  if (/^[-\u2212\u2013]/.test(typed)) return 'write it with no sign and choose Buy or Sell.'
  if (/^\+/.test(typed)) return 'leave out the plus sign.'
  if (/\p{Nd}/u.test(typed.replaceAll(/[0-9]/g, ''))) return 'write the digits 0 to 9.'
  if (/\p{Sc}/u.test(typed)) return 'leave out the currency sign.'
  if (/^0x|^[\d.,]+e[+-]?\d+$/i.test(typed)) return 'write it out in digits, such as 1000.'
  if (/^\d[\d.,]*[\s'\u2019_][\d.,\s'\u2019_]*$/.test(typed))
    return 'write thousands without a separator, such as 1000.'
  if (decimals === 0 && /[.,]/.test(typed)) return 'write a whole number without a separator, such as 1000.'
  const comma = /^(\d+),(\d*)$/.exec(typed)
  if (comma !== null) return `use a point for decimals${comma[2] === '' ? '.' : `, such as ${comma[1]}.${comma[2]}.`}`
  if (/^[\d.,]+$/.test(typed)) return 'use one point for decimals and no other separator, such as 1000.50.'
  return 'write digits, with a point for decimals.'
}

const shorten = (text: string) => (text.length > 20 ? `${text.slice(0, 20)}\u2026` : text)
