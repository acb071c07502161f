// SVG elements as text, with escaped attributes; paths by d3-shape.

import { line } from 'd3-shape'

/** Decimals of a coordinate in pixels. */
export const DIGITS = 1

export type Attributes = Readonly<Record<string, string | number>>

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Safe as text and between double quotes, in SVG and in HTML. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, character => ENTITIES[character]!)
}

/** @param content SVG, or escaped text. */
export function svgElement(name: string, attributes: Attributes, content = ''): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(short(value))}"`)
  return content === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${content}</${name}>`
}

export function textAt(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return svgElement('text', { x, y, ...attributes }, escapeText(text))
}

type Point = readonly [x: number, y: number]

const path = line<Point>()
  .defined(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  .digits(DIGITS)

/** A path through the points, with a gap where one is not finite; '' when none is. */
export function linePath(points: Iterable<Point>): string {
  return path(points) ?? ''
}

function short(value: string | number): string {
  return typeof value === 'string' ? value : String(Number(value.toFixed(DIGITS)))
}
