// Files are written whole or not at all: kept, gone on with, taken away, taken over, and a disk that is full.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { CliFailure } from '../failure.ts'
import { sim, testFolder } from '../testing/sim.ts'
import { openTextOutput, partialOf, refuseToOverwrite } from './text-output.ts'

const { path } = testFolder()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('a file has its name only when it is whole', async () => {
  const output = await openTextOutput(path('a'))
  await output.write('one ')
  assert.equal(existsSync(path('a')), false)
  await output.write(Buffer.from('two'))
  assert.equal(await output.finish(), sha256('one two'))
  assert.equal(output.bytes, 7)
  assert.equal(readFileSync(path('a'), 'utf8'), 'one two')
  assert.equal(existsSync(partialOf(path('a'))), false)
})

test('what is kept is gone on with from any byte, and what is discarded is gone', async () => {
  const first = await openTextOutput(path('b'))
  await first.write('one two')
  await first.keep()
  const second = await openTextOutput(path('b'), 4)
  await second.write('three')
  assert.equal(await second.finish(), sha256('one three'))
  assert.equal(readFileSync(path('b'), 'utf8'), 'one three')
  writeFileSync(partialOf(path('b')), 'one')
  await assert.rejects(openTextOutput(path('b'), 4), /is shorter than it was when it was left; --fresh starts over/)
  const third = await openTextOutput(path('c'))
  await third.write('x')
  assert.equal(await third.discard(), partialOf(path('c')))
  assert.equal(existsSync(partialOf(path('c'))), false)
})

test('of two commands that write to the same name, the first is told and nothing is mixed', async () => {
  const first = await openTextOutput(path('d'))
  const second = await openTextOutput(path('d'))
  await first.write('first')
  await second.write('second')
  await assert.rejects(first.finish(), (error: unknown) => {
    assert.ok(error instanceof CliFailure)
    assert.match(error.message, /belongs to another command by now/)
    return true
  })
  assert.equal(await first.discard(), undefined)
  await second.finish()
  assert.equal(readFileSync(path('d'), 'utf8'), 'second')

  // Both go on with the same unfinished file.
  writeFileSync(partialOf(path('e')), 'begun ')
  const both = [await openTextOutput(path('e'), 6), await openTextOutput(path('e'), 6)]
  for (const output of both) await output.write('more')
  for (const output of both) await assert.rejects(output.finish(), /belongs to another command by now/)
})

test('what is repeated is compared with what is there, and written from where it differs', async () => {
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

test('a full disk is one clear line, and the same command goes on when there is room', async t => {
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
      new RegExp(`^papertape-sim: cannot write \\S+${name}: the disk is full; make room, and the same `),
    )
    assert.equal(existsSync(`${disk}/${name}.partial`), true)
    rmSync(`${disk}/ballast`)
    const resumed = spawnSync('mount', ['-o', 'remount,size=64m', disk])
    assert.equal(resumed.status, 0)
    const whole = await sim([command, ...market, '--out', `${disk}/${name}`])
    assert.equal(whole.code, 0, whole.stderr)
    assert.match(whole.stderr, /^going on /)
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
      if (existsSync(file) || file.endsWith('dangling')) assert.throws(() => refuseToOverwrite(file, force), message)
    }
  }
  assert.throws(() => refuseToOverwrite(path('there'), false), /exists; give another name, or --force/)
  refuseToOverwrite(path('there'), true)
  refuseToOverwrite('-', false)
})
