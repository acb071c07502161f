// Ids in the form that Alpaca's clients check, a UUID, and back. Nothing is stored for it: an order's number fills the
// last digits, and a symbol or an account's id is written as the bytes of its text. Pure.

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const NUMBER_HEAD = '0000000000000000'
const DIGITS = 32

/** @param number in decimal digits: an orderId, a number of the private stream. */
export function uuidOfNumber(number: number | string): string {
  return withDashes(`${NUMBER_HEAD}${String(number).padStart(16, '0')}`)
}

/** The decimal digits of such a UUID, or of plain digits; undefined for any other text. */
export function numberOfUuid(text: string): string | undefined {
  if (/^[1-9]\d{0,14}$/.test(text)) return text
  if (!UUID.test(text)) return undefined
  const digits = text.replaceAll('-', '')
  const number = digits.slice(NUMBER_HEAD.length).replace(/^0+/, '')
  return digits.startsWith(NUMBER_HEAD) && /^\d{1,15}$/.test(number) ? number : undefined
}

/** @param text of at most 16 ASCII characters: a symbol, an accountId. */
export function uuidOfText(text: string): string {
  const bytes = Array.from(text.slice(0, DIGITS / 2), one => one.charCodeAt(0).toString(16).padStart(2, '0'))
  return withDashes(bytes.join('').padEnd(DIGITS, '0'))
}

/** The text of such a UUID; any other text as it is. */
export function textOfUuid(text: string): string {
  if (!UUID.test(text)) return text
  const pairs = text.replaceAll('-', '').match(/../g)!
  const codes = pairs.map(pair => Number.parseInt(pair, 16))
  const end = codes.indexOf(0)
  return String.fromCharCode(...(end < 0 ? codes : codes.slice(0, end)))
}

function withDashes(digits: string): string {
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)]
  return parts.join('-')
}
