// Files are written whole or not at all: kept, gone on with, taken away, taken over, and a disk that is full.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { CliFailure } from './failure.ts'
import { sim, testFolder } from './testing/sim.ts'
import { openTextOutput, partialOf } from './text-output.ts'

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

test('a full disk is one clear line, and leaves nothing', async t => {
  const disk = path('disk')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0) {
    t.skip('no right to mount a small disk')
    return
  }
  t.after(() => spawnSync('umount', [disk]))
  const market = ['--seed', '1', '--symbols', '1', '--duration', '10m']
  const cases: readonly [command: string, name: string, ballastBytes: number][] = [
    ['run', 'x.tape', 20_000],
    ['record', 'x.rec', 65_000],
  ]
  for (const [command, name, ballastBytes] of cases) {
    writeFileSync(`${disk}/ballast`, 'x'.repeat(ballastBytes))
    const { code, stderr } = await sim([command, ...market, '--out', `${disk}/${name}`])
    assert.equal(code, 1)
    const last = stderr.trimEnd().split('\n').at(-1)!
    assert.match(last, new RegExp(`^papertape-sim: cannot write \\S+${name}: the disk is full$`))
    assert.equal(existsSync(`${disk}/${name}.partial`), false)
  }
})
