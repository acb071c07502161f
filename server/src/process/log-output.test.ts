// The output under a reader that takes nothing, one that has gone, and a disk that is full.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { test } from 'node:test'
import { LogOutput } from './log-output.ts'

/** A pipe that nobody reads: what is written to it waits. */
function createPipe() {
  const child = spawn(process.execPath, ['-e', ''], { stdio: ['pipe', 'ignore', 'ignore'] })
  const { fd } = (child.stdin as unknown as { _handle: { fd: number } })._handle
  const written: string[] = []
  let fail: (error: Error) => void = () => {}
  return {
    fd,
    written,
    writableLength: 0,
    write: (text: string) => written.push(text) > 0,
    on: (_event: 'error', listener: (error: Error) => void) => {
      fail = listener
    },
    fail: () => fail(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    end: () => child.stdin.destroy(),
  }
}

test('drops what a reader that takes nothing leaves waiting, and counts it when it takes something again', () => {
  const pipe = createPipe()
  const output = new LogOutput(pipe)
  output.write('one\n')
  pipe.writableLength = 2 * 1024 * 1024
  for (let i = 0; i < 1_000; i++) output.write('lost\n')
  pipe.writableLength = 0
  output.write('two\n')
  output.write('three\n')
  pipe.end()
  assert.deepEqual(pipe.written, [
    'one\n',
    'two\n',
    'papertape: 1000 lines before this one could not be written\n',
    'three\n',
  ])
})

test('bears that its reader has gone', () => {
  const pipe = createPipe()
  const output = new LogOutput(pipe)
  pipe.fail()
  output.write('still taken\n')
  pipe.end()
  assert.equal(pipe.written[0], 'still taken\n')
})

test('bears a full disk', { skip: !existsSync('/dev/full') && 'there is no /dev/full here' }, () => {
  const fd = openSync('/dev/full', 'w')
  const output = new LogOutput({ fd, writableLength: 0, write: () => assert.fail('written directly'), on() {} })
  output.write('lost\n')
  output.write('lost\n')
  closeSync(fd)
})
