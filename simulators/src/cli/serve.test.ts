// `serve` in child processes: over pipes, a TCP port and a Unix socket; cut and joined requests, ends and signals.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { within } from '@papertape/protocol/testing/within'
import { refusal, testFolder } from './testing/sim.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const { path } = testFolder()
const OPEN = '{"type":"open","seed":7,"duration":"5m"}\n'
const STEP = '{"type":"step","episode":1,"by":100}\n'

function start(...flags: string[]) {
  const child = spawn(process.execPath, [MAIN, 'serve', ...flags])
  let stderr = ''
  child.stderr.on('data', piece => {
    stderr += piece
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    line: async () => (await within(lines.next(), `a line; stderr: ${stderr}`)).value as string,
    ended: () => within(once(child, 'close'), 'the end of the process'),
    get stderr() {
      return stderr
    },
  }
}

test('over pipes: one answer for each request, however they are cut; ends with its input', async t => {
  const server = start()
  t.after(() => server.child.kill('SIGKILL'))
  server.child.stdin.write(OPEN)
  assert.equal(JSON.parse(await server.line()).episode, 1)
  server.child.stdin.write(STEP.slice(0, 9))
  server.child.stdin.write(`${STEP.slice(9)}\r\n\n${STEP}`)
  const first = JSON.parse(await server.line())
  assert.equal(JSON.parse(await server.line()).time, first.time + 100)
  server.child.stdin.write(`{"type":"${'x'.repeat(3 << 20)}"}\n${STEP}`)
  assert.equal(JSON.parse(await server.line()).code, 'too-large')
  assert.equal(JSON.parse(await server.line()).time, first.time + 200)
  server.child.stdin.end(STEP.trimEnd())
  assert.equal(JSON.parse(await server.line()).time, first.time + 300)
  assert.deepEqual(await server.ended(), [0, null])
  assert.equal(server.stderr, '')
})

test('over pipes: ends by a signal while it waits, and quietly when nobody reads', async t => {
  const server = start()
  t.after(() => server.child.kill('SIGKILL'))
  server.child.stdin.write(OPEN)
  await server.line()
  server.child.kill('SIGINT')
  assert.deepEqual(await server.ended(), [null, 'SIGINT'])
  const unread = start()
  t.after(() => unread.child.kill('SIGKILL'))
  unread.child.stdout.destroy()
  unread.child.stdin.write(OPEN)
  assert.deepEqual(await unread.ended(), [0, null])
  assert.equal(unread.stderr, '')
})

async function talk(socket: Socket, request: string): Promise<string> {
  socket.write(request)
  const [answer] = await within(once(socket, 'data'), 'an answer')
  return String(answer)
}

/** What each socket gets from a server with these flags, and from a pipe. */
async function checkSocket(child: ChildProcess, open: () => Socket): Promise<void> {
  const [one, two, page] = [open(), open(), open()]
  const opened = await talk(one, OPEN)
  assert.equal(JSON.parse(opened).episode, 1)
  assert.equal(await talk(two, OPEN), opened, 'each connection is a session of its own')
  assert.equal(await talk(one, STEP), await talk(two, STEP))
  page.write(`POST / HTTP/1.1\r\nHost: localhost\r\n\r\n${OPEN}`)
  assert.deepEqual(await within(once(page, 'close'), 'the end of a browser'), [false])
  assert.equal(page.bytesRead, 0)
  assert.equal(
    await talk(two, STEP),
    await new Promise(resolve => one.end(STEP.trimEnd()).once('data', data => resolve(String(data)))),
  )
  await within(once(one, 'close'), 'the end of the session')
  child.kill('SIGTERM')
  await within(once(two, 'close'), 'the end of the other session')
}

test('over a port of the loopback address, and over a Unix socket', async t => {
  const tcp = start('--port', '0')
  t.after(() => tcp.child.kill('SIGKILL'))
  const [, port] = /^listening 127\.0\.0\.1:(\d+)$/.exec(await tcp.line())!
  await checkSocket(tcp.child, () => connect(Number(port), '127.0.0.1'))
  assert.deepEqual(await tcp.ended(), [143, null])

  const file = path('lockstep.sock')
  const unix = start('--socket', file)
  t.after(() => unix.child.kill('SIGKILL'))
  assert.equal(await unix.line(), `listening ${file}`)
  assert.match(await refusal(['serve', '--socket', file]), /^1 papertape-sim: \S+lockstep.sock is in use; give another/)
  await checkSocket(unix.child, () => connect(file))
  assert.deepEqual(await unix.ended(), [143, null])
})

test('flags that are refused', async () => {
  assert.match(await refusal(['serve', '--port', '70000']), /^2 .*--port takes a port from 0/)
  assert.match(await refusal(['serve', '--port', '0', '--socket', 'x']), /^2 .*--port or --socket; give one of them/)
})
