// SVG elements as text, with escaped attributes.

export type Attributes = Readonly<Record<string, string | number>>

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Safe as text and between double quotes, in SVG and in HTML. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, character => ENTITIES[character]!)
}

/** @param content SVG, or escaped text. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(short(value))}"`)
  return content === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${content}</${name}>`
}

export function textAt(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(text))
}

/** Through the points; it breaks where one is not a number. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  let path = ''
  let isBroken = true
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      path += `${isBroken ? 'M' : 'L'}${short(x)} ${short(y)}`
      isBroken = false
    } else isBroken = true
  }
  return path
}

/** Rounds to a tenth of a pixel. */
function short(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(value * 10) / 10)
}
