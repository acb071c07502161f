// Counts how many rows of a reference file another series has, in the same order. Both sides may lack rows: after a
// difference they are aligned again; no row is counted twice. For the LOBSTER oracle test.

/** How far ahead the two may be aligned again, and how many rows must agree there. */
const LOOK_AHEAD = 60
const AGREE = 3

export interface Alignment {
  readonly equal: number
  /** Rows of the file only, and rows of the other series only. */
  readonly missed: number
  readonly extra: number
}

export function alignRows(file: readonly string[], ours: readonly string[]): Alignment {
  let equal = 0
  let row = 0
  let own = 0
  while (row < file.length && own < ours.length) {
    if (file[row] === ours[own]) {
      equal++
      row++
      own++
      continue
    }
    const [rows, owns] = realign(file, ours, row, own)
    row += rows
    own += owns
  }
  return { equal, missed: file.length - equal, extra: ours.length - equal }
}

/** The fewest rows of each side to skip so that the next rows agree; one of each when there are none. */
function realign(file: readonly string[], ours: readonly string[], row: number, own: number): [number, number] {
  for (let distance = 1; distance <= LOOK_AHEAD; distance++) {
    for (let rows = 0; rows <= distance; rows++) {
      if (agree(file, ours, row + rows, own + distance - rows)) return [rows, distance - rows]
    }
  }
  return [1, 1]
}

function agree(file: readonly string[], ours: readonly string[], row: number, own: number): boolean {
  for (let i = 0; i < AGREE; i++) {
    if (row + i >= file.length || own + i >= ours.length || file[row + i] !== ours[own + i]) return false
  }
  return true
}
