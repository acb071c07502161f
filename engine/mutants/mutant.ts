// A planted bug: one small edit of the engine's source that a trader would suffer from. The test suite is worth what it
// catches of these. Nothing here runs them; run.ts does.

export interface Mutant {
  /** What goes wrong for whom. */
  readonly breaks: string
  /** Under engine/src. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly text: string
  readonly replacement: string
}

/** The file's source with the bug in it. @throws when the text does not stand there exactly once. */
export function plant({ breaks, file, text, replacement }: Mutant, source: string): string {
  const parts = source.split(text)
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${text}\n  (${breaks})`)
  return parts.join(replacement)
}
