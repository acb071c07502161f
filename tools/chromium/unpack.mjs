// Unpacks the Chromium of @sparticuz/chromium into a folder: node unpack.mjs FOLDER. Whole or not at all: it works in a
// folder beside it and renames that. Started by provide-browser.mjs after `npm ci` in this folder.

import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const [target] = process.argv.slice(2)
const scratch = mkdtempSync(`${target}-unpacking-`)
try {
  // The package unpacks into the temporary folder, which it reads from the environment.
  process.env.TMPDIR = scratch
  const { default: chromium, inflate } = await import('@sparticuz/chromium')
  await chromium.executablePath()
  // NSS, NSPR and expat, for machines that lack them.
  const bin = dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))).replace(/build$/, 'bin')
  await inflate(`${bin}/al2023.tar.br`)
  rmSync(target, { recursive: true, force: true })
  renameSync(scratch, target)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
