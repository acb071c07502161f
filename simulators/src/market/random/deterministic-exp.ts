// The exponential function from + - * / only: the last bits of Math.exp differ between platforms, and one bit would
// change the market. Used by the agents for decay and for volatility.

/** e^x to about thirteen digits for |x| up to 20: the Taylor series of x/64, squared six times. */
export function exp(x: number): number {
  const part = x / 64
  let sum = 1
  for (let n = 12; n >= 1; n--) sum = 1 + (sum * part) / n
  for (let i = 0; i < 6; i++) sum *= sum
  return sum
}
