// The last step of the build, after Next's: fewer files, names by content, and the compressed forms that the server
// sends.

import { join } from 'node:path'
import { compressFiles } from './compress-files.ts'
import { readTexts, writeTexts } from './exported-texts.ts'
import { mergeChunks } from './merge-chunks.ts'
import { nameChunks } from './name-chunks.ts'

const folder = join(import.meta.dirname, '../out')
const texts = readTexts(folder)
const { before, after } = mergeChunks(texts)
nameChunks(texts)
writeTexts(folder, texts)
compressFiles(folder)
process.stdout.write(`Merged ${before} files into ${after}.\n`)
