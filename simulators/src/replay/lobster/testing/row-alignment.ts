// Counts how many rows of a reference file a series of our own has, in the same order. Files leave out a row here and
// there, and so do we, so the two are taken up again after a difference; no row is counted twice. For the oracle tests.

/** How far apart the two may be taken up again, and how many rows have to agree there. */
const LOOK_AHEAD = 60
const AGREE = 3

export interface Alignment {
  readonly equal: number
  /** Rows of the file that we do not have, and of ours that it does not have. */
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
    const [rows, owns] = resume(file, ours, row, own)
    row += rows
    own += owns
  }
  return { equal, missed: file.length - equal, extra: ours.length - equal }
}

/** The shortest way on: so many rows of the file and so many of ours are left out. One of each when there is none. */
function resume(file: readonly string[], ours: readonly string[], row: number, own: number): [number, number] {
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
