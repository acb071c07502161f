// The board of deploy/, read as data: the part of Grafana's model that the tests look at.

import { readFileSync } from 'node:fs'

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[]
}

export interface Board {
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly { readonly name: string }[] }
}

const FILE = new URL('../../deploy/grafana/papertape.json', import.meta.url)

export const BOARD: Board = JSON.parse(readFileSync(FILE, 'utf8'))

export function expressionsOf({ panels }: Board): string[] {
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
}
