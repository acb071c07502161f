// A mutant: one small edit of the source that plants a bug which a test must catch. run.ts runs the tests on each.

export interface Mutant {
  /** The bug, as a user would see it. */
  readonly breaks: string
  /** From the repository's root. */
  readonly file: string
  /** Occurs in the file exactly once. */
  readonly text: string
  readonly replacement: string
  /** The package whose tests catch it; that of the file when absent. */
  readonly testedIn?: string
}

/** @returns the source with the bug. @throws when the text does not occur exactly once. */
export function plant({ breaks, file, text, replacement }: Mutant, source: string): string {
  const parts = source.split(text)
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} occurrences of: ${text}\n  (${breaks})`)
  return parts.join(replacement)
}

/** The folder of the package whose tests must catch a mutant. */
export function packageOfMutant({ file, testedIn }: Mutant): string {
  return testedIn ?? file.slice(0, file.indexOf('/'))
}
