// Opening inputs: every encoding and compression of the same text, and the errors of what is refused.

import assert from 'node:assert/strict'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { testFolder } from '../cli/testing/sim.ts'
import { InputFailure } from './input-failure.ts'
import { openInput } from './input-file.ts'

const { folder, path } = testFolder()
const TEXT = 'first line\nsecond líne\n\nfourth\n'
const MARK = Buffer.from([0xef, 0xbb, 0xbf])
const crlf = (text: string) => text.replaceAll('\n', '\r\n')

async function read(name: string, content: string | Buffer) {
  writeFileSync(path(name), content)
  const input = await openInput(path(name))
  const lines: string[] = []
  for await (const some of input.lines()) lines.push(...some)
  return { input, lines }
}

async function bytesOf(name: string): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of (await openInput(path(name))).bytes()) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test('reads the same lines from every form of a text', async () => {
  const forms: readonly [name: string, content: string | Buffer, isPlain: boolean][] = [
    ['plain', TEXT, true],
    ['CRLF', crlf(TEXT), false],
    ['mark', Buffer.concat([MARK, Buffer.from(TEXT)]), false],
    ['mark and CRLF', Buffer.concat([MARK, Buffer.from(crlf(TEXT))]), false],
    ['a.gz', gzipSync(TEXT), false],
    ['a.GZ', gzipSync(TEXT), false],
    ['no suffix', gzipSync(TEXT), false],
    ['named.gz but plain', TEXT, true],
    ['packed mark and CRLF', gzipSync(Buffer.concat([MARK, Buffer.from(crlf(TEXT))])), false],
    ['two members', Buffer.concat([gzipSync(TEXT.slice(0, 15)), gzipSync(TEXT.slice(15))]), false],
  ]
  for (const [name, content, isPlain] of forms) {
    const { input, lines } = await read(name, content)
    assert.deepEqual(lines, TEXT.slice(0, -1).split('\n'), name)
    assert.deepEqual([input.firstLine, input.isPlain, input.lineCount, input.isCut], ['first line', isPlain, 4, false])
    assert.equal(await bytesOf(name), TEXT, name)
  }
})

test('reports a last line without an end; an empty file has no lines', async () => {
  for (const form of [(text: string) => text, crlf, gzipSync]) {
    const { input, lines } = await read('cut', form('one\ntwo'))
    assert.deepEqual([lines, input.isCut, input.lineCount], [['one', 'two'], true, 2])
  }
  for (const content of ['', MARK, gzipSync('')]) {
    const { input, lines } = await read('empty', content)
    assert.deepEqual([lines, input.firstLine, input.lineCount], [[], '', 0])
  }
})

test('reads the same lines wherever the pieces of a file are cut', async () => {
  // Lines of all lengths over several pieces of 256 KiB, with characters of two bytes, and CRLF.
  const lines = Array.from({ length: 3_000 }, (_, i) => `${i} ${'é'.repeat((i * 7919) % 701)}`)
  for (const end of ['\n', '\r\n']) {
    assert.deepEqual((await read('long', lines.join(end) + end)).lines, lines)
    assert.deepEqual((await read('long', gzipSync(lines.join(end) + end))).lines, lines)
  }
})

test('refuses truncated files and what is not text, in one line that names the file', async () => {
  mkdirSync(path('folder'))
  const refused: readonly [name: string, content: string | Buffer | undefined, message: RegExp][] = [
    ['folder', undefined, /^cannot read \S+folder: that is a folder$/],
    ['missing', undefined, /^cannot read \S+missing: there is no such file or folder$/],
    ['plain/inside', undefined, /a part of the path is not a folder/],
    ['utf16-le', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), /it is UTF-16 text: save it as UTF-8/],
    ['utf16-be', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16(), /it is UTF-16 text/],
    ['utf16 without a mark', Buffer.from(TEXT, 'utf16le'), /it is not text: it has null bytes/],
    ['noise', Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7919) & 255)), /it is not text/],
    ['mac', TEXT.replaceAll('\n', '\r'), /its lines end with CR only: convert them first/],
    ['twice', gzipSync(gzipSync(TEXT)), /it is compressed with gzip twice/],
    ['half', gzipSync(TEXT.repeat(200)).subarray(0, 70), /its gzip data is truncated/],
    ['only the magic bytes', Buffer.from([0x1f, 0x8b]), /its gzip data is truncated/],
    ['unsound', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from(TEXT)]), /it is not a valid gzip file/],
    [
      'a.zst',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4, 5]),
      /compressed with zstd: decompress it first \(zstd -d\)/,
    ],
    ['a.zip', Buffer.from('PK\x03\x04 and so on'), /compressed with zip/],
  ]
  for (const [name, content, message] of refused) {
    if (content !== undefined) writeFileSync(path(name), content)
    const all = async () => {
      for await (const _ of (await openInput(path(name))).lines());
    }
    await assert.rejects(all, (error: unknown) => {
      assert.ok(error instanceof InputFailure, `${name}: ${error}`)
      assert.match(error.message, message)
      assert.ok(error.message.includes(folder) && !error.message.includes('\n'), error.message)
      return true
    })
  }
})

test('refuses endless lines and decompression bombs in constant memory', async () => {
  const zeros = gzipSync(Buffer.alloc(80 << 20, 'x'))
  writeFileSync(path('line'), zeros)
  await assert.rejects(async () => {
    for await (const _ of (await openInput(path('line'))).lines());
  }, /line 1 is longer than 64 MiB: this is not text/)

  // Gigabytes of lines, as gzip members of one file.
  const member = gzipSync(Buffer.alloc(64 << 20, `${'x'.repeat(4095)}\n`))
  writeFileSync(path('bomb'), Buffer.concat(new Array(40).fill(member)))
  const before = process.memoryUsage.rss()
  let most = 0
  await assert.rejects(async () => {
    for await (const _ of (await openInput(path('bomb'))).lines()) most = Math.max(most, process.memoryUsage.rss())
  }, /it decompresses to more than 200 times its size/)
  assert.ok(most - before < 400 << 20, `${(most - before) >> 20} MiB more`)
})

const large = process.env.TEST_LARGE === '1'

test('a file of any size takes constant memory', async () => {
  const bytes = (large ? 2_100 : 80) * 2 ** 20
  const piece = Buffer.from('34200.5,1,1,100,100000,-1\n'.repeat(40_000))
  const file = openSync(path('large'), 'w')
  let written = 0
  while (written < bytes) written += writeSync(file, piece)
  closeSync(file)
  const before = process.memoryUsage.rss()
  let most = 0
  const input = await openInput(path('large'))
  for await (const _ of input.lines()) most = Math.max(most, process.memoryUsage.rss())
  assert.ok(written >= bytes && bytes > 0)
  assert.equal(input.lineCount, (written / piece.length) * 40_000)
  assert.ok(most - before < 300 << 20, `${(most - before) >> 20} MiB more`)
})
