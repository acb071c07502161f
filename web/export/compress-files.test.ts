// What is written beside a file is the file with Brotli, as it is at the root path.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import { compressFiles } from './compress-files.ts'

test('pages, scripts and style sheets have a compressed form beside them, without the placeholder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-export-'))
  try {
    mkdirSync(join(folder, 'chunks'))
    writeFileSync(join(folder, 'index.html'), '<script src="/__base_path__/chunks/a.js">')
    writeFileSync(join(folder, 'chunks', 'a.js'), 'go("é")')
    writeFileSync(join(folder, 'icon.ico'), 'binary')
    compressFiles(folder)
    const unpacked = (name: string) => brotliDecompressSync(readFileSync(join(folder, name))).toString()
    assert.equal(unpacked('index.html.br'), '<script src="/chunks/a.js">')
    assert.equal(unpacked('chunks/a.js.br'), 'go("é")')
    assert.deepEqual(readdirSync(folder).sort(), ['chunks', 'icon.ico', 'index.html', 'index.html.br'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
