// A fingerprint of a text, for comparing states: sixteen hexadecimal digits of two independent 32-bit lanes.
// Not for secrets.

export function hashText(text: string): string {
  let first = 0x50415045
  let second = 0x52544150
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    first = Math.imul(first ^ code, 0x9e3779b1)
    first ^= first >>> 15
    second = Math.imul(second ^ code, 0x85ebca6b)
    second ^= second >>> 13
  }
  return hex(first) + hex(second)
}

function hex(lane: number): string {
  const mixed = Math.imul(lane ^ (lane >>> 16), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 14)) >>> 0).toString(16).padStart(8, '0')
}
