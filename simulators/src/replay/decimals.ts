// Numbers as text files write them: plain digits, nothing that Number() would also take (blanks, exponents, 0x10). For the
// parsers of real tapes.

/** A whole number, with blanks around it; NaN when it is none or too large to be exact. */
export function wholeNumber(text: string): number {
  const digits = text.trim()
  return /^-?\d{1,16}$/.test(digits) && Number.isSafeInteger(Number(digits)) ? Number(digits) : Number.NaN
}

/** `237.10`; NaN for anything else. */
export function decimalNumber(text: string): number {
  return /^-?\d{1,16}(?:\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN
}
