// Files, pipes and streams in a shell: inputs in every form, outputs everywhere, and how each command ends. Uses the
// real command with pipes, /dev/full and signals.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { done, interrupted, type Outcome, shell, sim, testFolder } from './testing/sim.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const { folder, path } = testFolder()
const MARKET = ['--seed', '7', '--symbols', '2', '--duration', '20s']
const noShell = existsSync('/bin/bash') ? false : 'no bash here'
const noFull = existsSync('/dev/full') && noShell === false ? false : 'no /dev/full here'

let tape = ''
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const lastLine = ({ stderr }: Outcome) => stderr.trimEnd().split('\n').at(-1)!
/** Fails with one line after the progress, and without a stack. */
function refuses(outcome: Outcome, code: number, message: RegExp): void {
  assert.equal(outcome.code, code, outcome.stderr)
  assert.match(lastLine(outcome), message)
  assert.equal(/\n {4}at /.test(outcome.stderr), false, outcome.stderr)
}

before(async () => {
  await done(['run', ...MARKET, '--out', path('a.tape')])
  await done(['record', ...MARKET, '--out', path('a.rec')])
  tape = readFileSync(path('a.tape'), 'utf8')
})

test('a tape is read in every form, under any name, and through a pipe', { skip: noShell }, async () => {
  const crlf = tape.replaceAll('\n', '\r\n')
  const forms: readonly [name: string, content: string | Buffer][] = [
    ['crlf.tape', crlf],
    ['mark.tape', `\ufeff${tape}`],
    ['a.tape.gz', gzipSync(tape)],
    ['SHOUT.GZ', gzipSync(`\ufeff${crlf}`)],
    ['blank.tape', `${tape}\n\n`],
  ]
  const whole = sha256(tape)
  for (const [name, content] of forms) {
    writeFileSync(path(name), content)
    const verified = await sim(['verify', path(name)])
    assert.match(verified.stdout, new RegExp(`sha256 ${whole}\n$`), verified.stderr)
  }
  for (const name of ['SHOUT.GZ', 'blank.tape']) {
    assert.equal(sha256((await sim(['replay', path(name)])).stdout), whole, name)
  }
  const piped: readonly string[] = [
    'cat $DIR/a.tape | $SIM replay /dev/stdin',
    'cat $DIR/a.tape.gz | $SIM replay -',
    '$SIM replay <(cat $DIR/crlf.tape)',
    'gzip -c $DIR/a.rec | $SIM replay -',
  ]
  for (const script of piped) {
    const { code, stdout, stderr } = await shell(script, folder)
    assert.deepEqual([script, code, sha256(stdout)], [script, 0, whole], stderr)
  }
  const half = await shell('gzip -c $DIR/a.tape | $SIM replay - --at 10s', folder)
  assert.equal(half.stdout, (await sim(['replay', path('a.tape'), '--at', '09:30:10'])).stdout)
  assert.ok(half.stdout.length > 0 && half.stdout.length < tape.length)
})

test('a truncated tape or one with a missing line is refused', async () => {
  const lines = tape.split('\n')
  const damaged: readonly [what: string, text: string, atLine: RegExp][] = [
    ['in the middle of a line', tape.slice(0, -40), / line /],
    ['between two lines', lines.slice(0, 200).join('\n').concat('\n'), / line 201 /],
    ['in the header', tape.slice(0, 50), /line 1 is not the header of a tape/],
    ['nothing left', '', /is empty/],
  ]
  for (const [what, text, atLine] of damaged) {
    writeFileSync(path('cut.tape'), text)
    const ends: Outcome[] = what === 'between two lines' ? [] : [await sim(['verify', path('cut.tape')])]
    for (const to of what === 'between two lines' ? ['ndjson', 'lobster'] : []) {
      ends.push(await sim(['export', path('cut.tape'), '--to', to, '--out', path(`cut.${to}`)]))
    }
    for (const end of ends) refuses(end, 1, atLine)
  }
  for (const text of [tape.slice(0, -40), [...lines.slice(0, 100), ...lines.slice(101)].join('\n')]) {
    writeFileSync(path('cut.tape'), text)
    refuses(await sim(['replay', path('cut.tape'), '--out', path('cut.out')]), 1, /damaged.*line \d+/)
  }
  assert.match((await sim(['verify', path('cut.tape')])).stderr, /differs at line 101, /)
  refuses(await sim(['report', path('cut.tape')]), 1, /damaged at line 101: expected event 100, found 101$/)
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('cut.')),
    ['cut.tape'],
  )
})

test('--out - writes the file to standard output and the results to standard error', {
  skip: noShell,
}, async () => {
  const streamed = await sim(['run', ...MARKET, '--out', '-'])
  assert.equal(streamed.stdout, tape)
  assert.match(streamed.stderr, new RegExp(`^seed 7\n[^]*\nsha256 ${sha256(tape)}\n$`))
  const chain = await shell(
    `$SIM run ${MARKET.join(' ')} --out - 2>/dev/null | $SIM export - --to ndjson --out -`,
    folder,
  )
  // A pipe is read once: it is compared with a run of its seed, which is exported.
  assert.equal(chain.code, 0, chain.stderr)
  assert.equal(JSON.parse(chain.stdout.split('\n')[1]!).event, tape.split('\n')[1]!.split(' ')[0])
  assert.equal((await sim(['record', ...MARKET, '--out', '-'])).stdout, readFileSync(path('a.rec'), 'utf8'))
  assert.equal((await sim(['replay', path('a.tape'), '--out', '-'])).stdout, tape)
  refuses(await sim(['export', path('a.tape'), '--to', 'lobster', '--out', '-']), 2, /name a folder$/)
  assert.equal(existsSync('-') || existsSync('-.partial'), false)
})

test('a closed reader ends a stream without an error, but not a check', { skip: noShell }, async () => {
  const streams = [`run ${MARKET.join(' ')} --out -`, 'replay $DIR/a.tape', 'scenarios']
  for (const words of streams) {
    const { code, stderr } = await shell(`set -o pipefail; $SIM ${words} | head -1 >/dev/null`, folder)
    assert.equal(code, 0, `${words}: ${stderr}`)
    assert.equal(/ {4}at |papertape-sim:/.test(stderr), false, stderr)
  }
  writeFileSync(path('bad.tape'), tape.slice(0, -40))
  const checked = await shell('set -o pipefail; $SIM verify $DIR/bad.tape | true', folder)
  refuses(checked, 1, /ends at line/)
  const written = await shell(`set -o pipefail; $SIM run ${MARKET.join(' ')} --out $DIR/w.tape | true`, folder)
  assert.equal(written.code, 0, written.stderr)
  assert.equal(readFileSync(path('w.tape'), 'utf8'), tape)
})

test('a full disk under standard output is a one-line error', { skip: noFull }, async () => {
  for (const words of [`run ${MARKET.join(' ')}`, `run ${MARKET.join(' ')} --out -`, 'replay $DIR/a.tape']) {
    refuses(await shell(`$SIM ${words} > /dev/full`, folder), 1, /cannot write to standard output: the disk is full$/)
  }
})

test('--force replaces regular files only', { skip: noShell }, async () => {
  writeFileSync(path('target'), 'mine')
  await shell('ln -s $DIR/target $DIR/link', folder)
  const there: readonly [file: string, message: RegExp][] = [
    [path('link'), /is a symbolic link, and only regular files are replaced/],
    ['/dev/null', /is a device, .*--out - writes to standard output$/],
    [path('none/x.tape'), /cannot write \S+: there is no such file or folder/],
    [path('target/x.tape'), /cannot write \S+: a part of the path is not a folder/],
  ]
  for (const [file, message] of there) refuses(await sim(['run', ...MARKET, '--force', '--out', file]), 1, message)
  refuses(
    await sim(['export', path('a.tape'), '--to', 'parquet', '--force', '--out', path('link')]),
    1,
    /symbolic link/,
  )
  refuses(await sim(['report', '--seeds', '1', '--force', '--json', path('link')]), 1, /symbolic link/)
  assert.equal(readFileSync(path('target'), 'utf8'), 'mine')
  assert.equal(existsSync(path('link.partial')), false)
})

test('a position past the end is a usage error; the header of an excerpt has its first event', async () => {
  refuses(await sim(['replay', path('a.tape'), '--from', '99999999']), 2, /a\.tape ends before event 99999999/)
  refuses(await sim(['replay', path('a.rec'), '--from', '99999999', '--out', path('p.tape')]), 2, /ends before event/)
  refuses(await sim(['replay', path('a.tape'), '--at', '3h']), 2, /is from 09:30:00 to 09:30:20: 12:30:00 is not in it/)
  refuses(await sim(['replay', path('a.tape'), '--at', '2d']), 2, /to 09:30:20: 09:30:00 of day 3 is not in it/)
  assert.equal(existsSync(path('p.tape')) || existsSync(path('p.tape.partial')), false)
  await done(['replay', path('a.tape'), '--from', '50', '--out', path('half.tape')])
  const [header, ...events] = readFileSync(path('half.tape'), 'utf8').split('\n')
  assert.equal(JSON.parse(header!).from, 50)
  assert.deepEqual(events, tape.split('\n').slice(50))
  assert.equal(await done(['replay', path('half.tape')]), [header, ...events].join('\n'))
  refuses(await sim(['verify', path('half.tape')]), 1, /starts at event 50: only a whole tape can be repeated/)
})

test("relative paths are the caller's in our npm scripts, and only there", { skip: noShell }, async () => {
  mkdirSync(path('called'))
  const script = `cd ${ROOT} && $SIM run ${MARKET.join(' ')} --out n.tape`
  const env = { INIT_CWD: path('called'), npm_lifecycle_event: 'sim', npm_package_json: `${ROOT}package.json` }
  assert.equal((await shell(script, folder, env)).code, 0)
  assert.equal(readFileSync(path('called/n.tape'), 'utf8'), tape)
  const read = await shell(`cd ${ROOT} && $SIM verify n.tape`, folder, env)
  assert.equal(read.code, 0, read.stderr)
  const elsewhere = { ...env, npm_package_json: '/another/package.json' }
  refuses(
    await shell(`cd ${ROOT} && $SIM verify n.tape`, folder, elsewhere),
    1,
    /cannot read n\.tape: there is no such/,
  )
})

test('Ctrl-C ends every command with 130, SIGTERM with 143', async () => {
  const day = ['--seed', '7', '--symbols', '2', '--duration', '6.5h']
  await done(['record', ...day, '--out', path('day.rec')])
  const commands: readonly [words: readonly string[], message: RegExp][] = [
    [['run', ...day, '--pace', '60x', '--out', path('i.tape')], /interrupted at .*the same command resumes from there/],
    [['run', ...day, '--pace', '60x'], /interrupted; the same command starts it again$/],
    [['replay', path('day.rec'), '--pace', '60x'], /interrupted; the same command starts it again$/],
    [['verify', path('day.rec')], /interrupted; the same command starts it again$/],
    [['export', path('day.rec'), '--to', 'ndjson', '--out', path('i.ndjson')], /interrupted; the same command starts/],
  ]
  for (const [words, message] of commands) refuses(await interrupted(words, 50), 130, message)
  refuses(await interrupted(['scenarios', 'flash-crash', '--check'], 0), 130, /interrupted; the same command starts it/)
  // A hundred days: progress comes first, results last.
  const reporting = await sim(['report', '--seeds', '50'], child => {
    child.stderr!.once('data', () => child.kill('SIGINT'))
  })
  refuses(reporting, 130, /interrupted; the same command starts it again$/)
  const terminated = await sim(['run', ...day, '--pace', '60x'], child => {
    child.stdout!.once('data', () => child.kill('SIGTERM'))
  })
  refuses(terminated, 143, /interrupted/)
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('i.')),
    ['i.tape.partial', 'i.tape.partial.state'],
  )
})

test('the papertape-sim bin works on any Node', { skip: noShell }, async () => {
  const bin = `${ROOT}simulators/bin/papertape-sim.mjs`
  const helped = await shell(`"${process.execPath}" ${bin} --help`, folder)
  assert.match(helped.stdout, /^papertape-sim <command>/)
  // With an older Node of the machine, if there is one.
  const { code, stdout, stderr } = await shell(
    `PATH="/usr/local/bin:/usr/bin:/bin:$PATH" ${bin} verify $DIR/a.tape`,
    folder,
  )
  assert.equal(code, 0, stderr)
  assert.match(stdout, new RegExp(`sha256 ${sha256(tape)}\n$`))
})

test('real data is read in every form; errors name the line', async () => {
  const name = 'BRK-B_2012-06-21_34200000_37800000_message_1.csv'
  const rows = '34200.5,1,1,100,100000,-1\n34201.25,4,1,40,100000,-1\n'
  const played = async (file: string, content: string | Buffer, ...flags: string[]) => {
    writeFileSync(path(file), content)
    return sim(['replay', path(file), ...flags])
  }
  const plain = await played(name, rows)
  assert.equal(plain.code, 0, plain.stderr)
  assert.match(plain.stdout, /^\{.*"symbols":\["BRK\.B"\]/)
  for (const [file, content] of [
    [name, `\ufeff${rows.replaceAll('\n', '\r\n')}\r\n`],
    [`${name}.GZ`, gzipSync(rows)],
    [name, rows.trimEnd()],
  ] as const) {
    assert.equal((await played(file, content)).stdout, plain.stdout)
  }
  assert.equal((await played('unnamed', gzipSync(rows), '--name', 'BRK.B_2012-06-21_')).stdout, plain.stdout)
  const wider = rows.replaceAll('\n', ',MPID\n')
  assert.equal((await played(name, wider, '--extra-columns')).stdout, plain.stdout)
  const refused: readonly [content: string | Buffer, message: RegExp][] = [
    [wider, /line 1: expected 6 columns .*found 7: cut -d, -f1-6 .*--extra-columns ignores the others$/],
    [rows.slice(0, -9), /line 2: expected 6 columns .*\(the last line has no end: the file was truncated; delete/],
    [`time,type,id,size,price,direction\n${rows}`, /line 1: .*delete the header line$/],
    [gzipSync(rows.repeat(99)).subarray(0, 50), /its gzip data is truncated/],
    ['', /the file holds no messages/],
  ]
  for (const [content, message] of refused) refuses(await played(name, content), 1, message)
  refuses(await played('no-name', rows), 1, /the name of a LOBSTER file starts with symbol and day.*--name$/)
})
