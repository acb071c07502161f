// Parses numbers in plain digits. Refuses what Number() accepts beyond that: exponents, hexadecimal, the empty string.

/** A whole number, with blanks around it; NaN when the text is invalid or the number is not a safe integer. */
export function wholeNumber(text: string): number {
  const digits = text.trim()
  return /^-?\d{1,16}$/.test(digits) && Number.isSafeInteger(Number(digits)) ? Number(digits) : Number.NaN
}

/** A decimal number such as `237.10`; NaN when the text is invalid. */
export function decimalNumber(text: string): number {
  return /^-?\d{1,16}(?:\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN
}
