// A line without axes, as an SVG path. Pure.

/** Fits the values into the box, oldest at the left; empty for fewer than two values. */
export function sparklinePath(values: readonly number[], width: number, height: number, padding = 1): string {
  if (values.length < 2) return ''
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  const step = (width - padding * 2) / (values.length - 1)
  let path = ''
  for (let i = 0; i < values.length; i++) {
    const x = padding + i * step
    // Equal values give a line through the middle.
    const share = span === 0 ? 0.5 : (values[i]! - low) / span
    const y = padding + (1 - share) * (height - padding * 2)
    path += `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
  }
  return path
}
