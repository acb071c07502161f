// A draw that depends on its names alone: the same in each process, whatever was drawn before. For scripted outcomes.

import { hashText } from './text-hash.ts'

/** In (0, 1), never 0 and never 1. */
export function unitOf(...names: readonly (string | number)[]): number {
  return (Number.parseInt(hashText(names.join(' ')).slice(0, 8), 16) + 0.5) / 2 ** 32
}
