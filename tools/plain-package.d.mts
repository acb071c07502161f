// Types of plain-package.mjs. For the test that runs the packages in a page and in an older Node.

/** Writes the sources and the manifest of a workspace, `engine`, to a folder, as plain JavaScript. */
export function writePlainPackage(workspace: string, target: string): void
