// The exponential function, made of + - * / alone: Math.exp gives different last bits on different platforms, and one bit
// is another market. For the agents, who need what decays and what multiplies.

/** e^x to about thirteen digits for |x| up to 20: Taylor's series of a small part of x, squared back up. */
export function exp(x: number): number {
  const part = x / 64
  let sum = 1
  for (let n = 12; n >= 1; n--) sum = 1 + (sum * part) / n
  for (let i = 0; i < 6; i++) sum *= sum
  return sum
}
