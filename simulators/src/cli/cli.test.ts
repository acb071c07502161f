// papertape-sim in child processes: its output, files and exit codes.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { interrupted, refusal, sim, testFolder } from './testing/sim.ts'

const { folder, path } = testFolder()
const SHORT = ['run', '--seed', '7', '--symbols', '2', '--duration', '40s']

test('run: results on stdout; the last line is the SHA-256 of the tape', async () => {
  const { code, stdout, stderr } = await sim([...SHORT, '--out', path('a.tape')])
  assert.equal(code, 0, stderr)
  const bytes = readFileSync(path('a.tape'))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const lines = stdout.trimEnd().split('\n')
  assert.equal(lines[0], 'seed 7')
  assert.equal(lines.at(-1), `sha256 ${sha256}`)
  for (const line of lines) assert.match(line, /^(seed|file|events|bytes|sha256) \S+$/)
  for (const line of stderr.trimEnd().split('\n')) assert.equal(typeof JSON.parse(line).progress, 'number')
  const [first, ...events] = bytes.toString().trimEnd().split('\n')
  assert.equal(JSON.parse(first!).seed, 7)
  assert.ok(lines.includes(`events ${events.length}`))
  events.forEach((line, i) => {
    const { seq, ts, time } = JSON.parse(line.slice(line.indexOf(' ')))
    assert.equal(seq, i + 1)
    assert.equal(Math.floor(ts / 1000), time)
  })
  // Without a file the bytes are the same; without a seed one is drawn and printed.
  const unwritten = await sim(SHORT)
  assert.equal(unwritten.stdout.trimEnd().split('\n').at(-1), `sha256 ${sha256}`)
  const drawn = await sim(['run', '--symbols', '1', '--duration', '1s'])
  assert.match(drawn.stdout, /^seed \d+\n/)
  assert.deepEqual(readdirSync(folder), ['a.tape'])
})

test('run does not replace a file without --force', async () => {
  writeFileSync(path('kept'), 'mine')
  const refused = await sim([...SHORT, '--out', path('kept')])
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /^papertape-sim: \S+kept exists; give another name, or --force to replace it\n$/)
  assert.equal(readFileSync(path('kept'), 'utf8'), 'mine')
  assert.equal((await sim([...SHORT, '--out', path('kept'), '--force', '--format', 'ndjson'])).code, 0)
  for (const line of readFileSync(path('kept'), 'utf8').trimEnd().split('\n')) JSON.parse(line)
})

test('verify: accepts a whole tape; reports the line of a changed byte or a cut', async () => {
  await sim([...SHORT, '--out', path('v.tape'), '--force'])
  const good = await sim(['verify', path('v.tape')])
  assert.equal(good.code, 0, good.stderr)
  assert.match(good.stdout, /^seed 7\nevents \d+\nverified \S+\nsha256 [0-9a-f]{64}\n$/)

  const bytes = readFileSync(path('v.tape'))
  const lines = bytes.toString().split('\n')
  const changed = [...lines]
  const at = changed[200]!.indexOf('"seq":') + 6
  changed[200] = `${changed[200]!.slice(0, at)}9${changed[200]!.slice(at + 1)}`
  const cases: readonly [string, string, RegExp][] = [
    ['one digit', changed.join('\n'), new RegExp(`differs at line 201, column ${at + 1} `)],
    ['half', lines.slice(0, 100).join('\n'), /ends at line 100 /],
    ['no header', lines.slice(1).join('\n'), /line 1 is not the header of a tape/],
  ]
  for (const [what, text, message] of cases) {
    writeFileSync(path('w.tape'), text)
    const { code, stderr } = await sim(['verify', path('w.tape')])
    assert.equal(code, 1, what)
    assert.match(stderr, message)
  }
})

test('replay: prints a tape unchanged; makes a tape of LOBSTER messages', async () => {
  await sim([...SHORT, '--out', path('r.tape'), '--force'])
  const { code, stdout } = await sim(['replay', path('r.tape')])
  assert.equal(code, 0)
  assert.equal(stdout, readFileSync(path('r.tape'), 'utf8'))

  const lobster = path('TEST_2012-06-21_34200000_37800000_message_1.csv')
  writeFileSync(lobster, '34200.5,1,1,100,100000,-1\n34201.25,4,1,40,100000,-1\n')
  const played = await sim(['replay', lobster, '--out', path('l.tape')])
  assert.equal(played.code, 0, played.stderr)
  assert.match(played.stdout, /^seed none\nfile \S+\nevents \d+\nbytes \d+\nsha256 [0-9a-f]{64}\n$/)
  const trade = readFileSync(path('l.tape'), 'utf8')
    .split('\n')
    .find(line => line.startsWith('trade '))!
  const { time, price, size } = JSON.parse(trade.slice(6))
  assert.deepEqual([time, price, size], [Date.UTC(2012, 5, 21, 13, 30, 1, 250), 10, 40])
  assert.match((await sim(['verify', path('l.tape')])).stderr, /replay of real data: there is no seed/)

  writeFileSync(lobster, '34200.5,1,1,100,100000,-1\n34201.25,4,1,forty,100000,-1\n')
  const damaged = await refusal(['replay', lobster])
  assert.match(damaged, /^1 papertape-sim: \S+: line 2: expected a whole number as size, found "forty"$/)
})

test('a run with a pace is throttled', async () => {
  const startedAt = performance.now()
  assert.equal((await sim(['run', '--seed', '1', '--symbols', '1', '--duration', '60s', '--pace', '60x'])).code, 0)
  assert.ok(performance.now() - startedAt >= 950)
})

test('an interrupted run resumes with the same command and gives the same bytes', async () => {
  const words = ['run', '--seed', '3', '--symbols', '1', '--duration', '4m']
  await sim([...words, '--out', path('whole.tape')])
  const throttled = [...words, '--out', path('i.tape'), '--pace', '60x']
  const first = await interrupted(throttled, 300)
  assert.equal(first.code, 130)
  assert.match(first.stderr, /papertape-sim: interrupted at \d\d:\d\d:\d\d; the same command resumes from there/)
  const left = () => readdirSync(folder).filter(name => name.startsWith('i.tape'))
  assert.deepEqual(left(), ['i.tape.partial', 'i.tape.partial.state'])
  const kept = readFileSync(path('i.tape.partial'))
  assert.ok(kept.length > 0 && kept.equals(readFileSync(path('whole.tape')).subarray(0, kept.length)))

  const other = ['run', '--seed', '4', '--symbols', '1', '--duration', '4m', '--out', path('i.tape')]
  const refused = await refusal(other)
  assert.match(
    refused,
    /^1 .*started with other flags \(--seed 3 --preset mixed --symbols 1 --duration 240s\).*--fresh to start over$/,
  )

  // Interrupted once more, then to the end; without --seed it uses the first seed.
  const second = await interrupted(throttled, 300)
  assert.match(second.stderr, /^resuming from 09:3\d:\d\d in \S+i\.tape\.partial\n/)
  const unseeded = throttled.filter(word => !['--seed', '3', '--pace', '60x'].includes(word))
  const last = await sim(unseeded)
  assert.equal(last.code, 0, last.stderr)
  assert.deepEqual(left(), ['i.tape'])
  const bytes = readFileSync(path('i.tape'))
  assert.ok(bytes.equals(readFileSync(path('whole.tape'))))
  assert.ok(last.stdout.endsWith(`sha256 ${createHash('sha256').update(bytes).digest('hex')}\n`))
})

test('--fresh starts over; an interrupted replay leaves no file', async () => {
  const words = ['run', '--symbols', '1', '--duration', '1m', '--out', path('f.tape')]
  await interrupted([...words, '--seed', '5', '--pace', '6x'], 200)
  const fresh = await sim([...words, '--seed', '6', '--fresh'])
  assert.equal(fresh.code, 0, fresh.stderr)
  assert.match(fresh.stdout, /^seed 6\n/)
  const replay = await interrupted(['replay', path('f.tape'), '--out', path('g.tape'), '--pace', '6x'], 200)
  assert.match(
    replay.stderr,
    /removed the unfinished \S+\.partial\npapertape-sim: interrupted; the same command starts it again\n$/,
  )
  assert.equal(replay.code, 130)
  assert.deepEqual(
    readdirSync(folder).filter(name => /^[fg]\./.test(name)),
    ['f.tape'],
  )
})

test('usage errors exit with 2, file errors with 1, help with 0', async () => {
  assert.match(
    await refusal(['run', '--presets', 'x']),
    /^2 papertape-sim: unknown flag --presets: the flags of run are --preset/,
  )
  assert.match(
    await refusal(['run', '--symbols', '101']),
    /^2 papertape-sim: --symbols takes a whole number from 1 to \d+/,
  )
  assert.match(
    await refusal(['verify', path('nothing')]),
    /^1 papertape-sim: cannot read \S+nothing: there is no such file/,
  )
  assert.match(await refusal(['replay', folder]), /^1 .*that is a folder/)
  const { code, stdout } = await sim(['--help'])
  assert.equal(code, 0)
  assert.match(stdout, /^papertape-sim <command>/)
})
