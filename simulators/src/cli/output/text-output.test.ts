// Files are written completely or not at all: kept, resumed, removed, taken over by another command, on a full disk.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { CliFailure } from '../failure.ts'
import { sim, testFolder } from '../testing/sim.ts'
import { openTextOutput, partialOf, refuseToReplace } from './text-output.ts'

const { path } = testFolder()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('a file gets its name only when it is complete', async () => {
  const output = await openTextOutput(path('a'))
  await output.write('one ')
  assert.equal(existsSync(path('a')), false)
  await output.write(Buffer.from('two'))
  assert.equal(await output.finish(), sha256('one two'))
  assert.equal(output.bytes, 7)
  assert.equal(readFileSync(path('a'), 'utf8'), 'one two')
  assert.equal(existsSync(partialOf(path('a'))), false)
})

test('a kept file is resumed from any byte, and a discarded one is removed', async () => {
  const first = await openTextOutput(path('b'))
  await first.write('one two')
  await first.keep()
  const second = await openTextOutput(path('b'), 4)
  await second.write('three')
  assert.equal(await second.finish(), sha256('one three'))
  assert.equal(readFileSync(path('b'), 'utf8'), 'one three')
  writeFileSync(partialOf(path('b')), 'one')
  await assert.rejects(openTextOutput(path('b'), 4), /is shorter than when it was interrupted; --fresh starts over/)
  const third = await openTextOutput(path('c'))
  await third.write('x')
  assert.equal(await third.discard(), partialOf(path('c')))
  assert.equal(existsSync(partialOf(path('c'))), false)
})

test('of two commands that write to the same name, the first fails and nothing is mixed', async () => {
  const first = await openTextOutput(path('d'))
  const second = await openTextOutput(path('d'))
  await first.write('first')
  await second.write('second')
  await assert.rejects(first.finish(), (error: unknown) => {
    assert.ok(error instanceof CliFailure)
    assert.match(error.message, /was replaced by another command/)
    return true
  })
  assert.equal(await first.discard(), undefined)
  await second.finish()
  assert.equal(readFileSync(path('d'), 'utf8'), 'second')

  // Both resume the same unfinished file.
  writeFileSync(partialOf(path('e')), 'begun ')
  const both = [await openTextOutput(path('e'), 6), await openTextOutput(path('e'), 6)]
  for (const output of both) await output.write('more')
  for (const output of both) await assert.rejects(output.finish(), /was replaced by another command/)
})

test('repeated bytes are compared, and written from the first difference', async () => {
  for (const [there, bytes] of [
    ['one two three', 'one two three four'],
    ['one twX', 'one two'],
    ['one two three', 'one'],
    ['', 'one'],
  ] as const) {
    writeFileSync(partialOf(path('s')), there)
    const output = await openTextOutput(path('s'), 'same')
    for (const character of bytes) await output.write(character)
    assert.equal(await output.finish(), sha256(bytes))
    assert.equal(readFileSync(path('s'), 'utf8'), bytes)
  }
})

test('a full disk is a one-line error, and the same command resumes when there is room', async t => {
  const disk = path('disk')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status !== 0) {
    t.skip('no right to mount a small disk')
    return
  }
  t.after(() => spawnSync('umount', [disk]))
  const market = ['--seed', '1', '--symbols', '6', '--duration', '10m']
  const cases: readonly [command: string, name: string, roomBytes: number][] = [
    ['run', 'x.tape', 100_000],
    ['record', 'x.rec', 100_000],
  ]
  for (const [command, name, roomBytes] of cases) {
    writeFileSync(`${disk}/ballast`, 'x'.repeat(1_040_000 - roomBytes))
    const { code, stderr } = await sim([command, ...market, '--out', `${disk}/${name}`])
    assert.equal(code, 1)
    const last = stderr.trimEnd().split('\n').at(-1)!
    assert.match(
      last,
      new RegExp(`^papertape-sim: cannot write \\S+${name}: the disk is full; free some space, and the same `),
    )
    assert.equal(existsSync(`${disk}/${name}.partial`), true)
    rmSync(`${disk}/ballast`)
    const resumed = spawnSync('mount', ['-o', 'remount,size=64m', disk])
    assert.equal(resumed.status, 0)
    const whole = await sim([command, ...market, '--out', `${disk}/${name}`])
    assert.equal(whole.code, 0, whole.stderr)
    assert.match(whole.stderr, /^resuming /)
    assert.equal(existsSync(`${disk}/${name}.partial`), false)
    const fresh = await sim([command, ...market, '--out', path(`fresh-${name}`)])
    assert.equal(fresh.code, 0, fresh.stderr)
    assert.ok(readFileSync(`${disk}/${name}`).equals(readFileSync(path(`fresh-${name}`))))
    rmSync(`${disk}/${name}`)
    spawnSync('mount', ['-o', 'remount,size=1m', disk])
  }
})

test('only regular files are replaced', () => {
  mkdirSync(path('folder'))
  writeFileSync(path('mine'), 'mine')
  symlinkSync(path('mine'), path('link'))
  symlinkSync(path('nowhere'), path('dangling'))
  writeFileSync(path('there'), '')
  spawnSync('mkfifo', [path('fifo')])
  const refused: readonly [file: string, message: RegExp][] = [
    [path('folder'), /is a folder, and only regular files are replaced/],
    [path('link'), /is a symbolic link, and only/],
    [path('dangling'), /is a symbolic link, and only/],
    ['/dev/null', /is a device, .*; --out - writes to standard output/],
    [path('fifo'), /is a pipe, /],
  ]
  for (const force of [false, true]) {
    for (const [file, message] of refused) {
      if (existsSync(file) || file.endsWith('dangling')) assert.throws(() => refuseToReplace(file, force), message)
    }
  }
  assert.throws(() => refuseToReplace(path('there'), false), /exists; give another name, or --force/)
  refuseToReplace(path('there'), true)
  refuseToReplace('-', false)
})
