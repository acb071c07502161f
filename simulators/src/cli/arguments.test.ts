// Parsing of command lines: what is accepted, and the errors.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COMMANDS, type CommandName, helpText, parseCommandLine } from './arguments.ts'
import { CliFailure } from './failure.ts'
import { parseChoice, parseDuration, parsePaceFlag, parseSeed, parseSymbolCount } from './options/flag-values.ts'

function refuses(action: () => unknown, message: RegExp): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof CliFailure, String(error))
    assert.equal(error.exitCode, 2)
    assert.equal(error.message.includes('\n'), false)
    assert.match(error.message, message)
    return true
  })
}

test('a command line is a command, an operand and flags', () => {
  const words = ['replay', 'a.tape', '--pace', '60x', '--out=b.tape', '--force']
  const flags = { pace: '60x', out: 'b.tape', force: true }
  assert.deepEqual(parseCommandLine(words), { command: 'replay', operand: 'a.tape', operands: ['a.tape'], flags })
  assert.deepEqual(parseCommandLine(['run', '--help']), { help: 'run' })
  assert.deepEqual(parseCommandLine(['--help']), { help: undefined })
})

test('unknown commands and flags are refused with the known ones', () => {
  refuses(() => parseCommandLine([]), /expected a command: run, record, replay, verify, export/)
  refuses(
    () => parseCommandLine(['resort', 'x']),
    /unknown command "resort": the commands are run, record, replay, verify/,
  )
  refuses(
    () => parseCommandLine(['run', '--presets', 'x']),
    /unknown flag --presets: the flags of run are --preset, --symbols, --seed, .*--help/,
  )
  refuses(() => parseCommandLine(['verify', 'x', '-z']), /unknown flag -z: the flags of verify are --orders, --help/)
  refuses(() => parseCommandLine(['run', '--seed']), /argument missing: the flags of run are/)
  refuses(() => parseCommandLine(['run', '--force=yes']), /the flags of run are/)
  refuses(() => parseCommandLine(['run', 'extra']), /run does not take "extra"/)
  refuses(() => parseCommandLine(['verify']), /verify needs a FILE: papertape-sim verify FILE/)
  refuses(() => parseCommandLine(['verify', 'a', 'b']), /verify does not take "b"/)
})

test('suggests near names; refuses repeated flags and empty values', () => {
  refuses(() => parseCommandLine(['verfy', 'x']), /unknown command "verfy": .*; did you mean verify\?$/)
  refuses(() => parseCommandLine(['rnu']), /; did you mean run\?$/)
  refuses(() => parseCommandLine(['run', '--sead', '1']), /unknown flag --sead: .*; did you mean --seed\?$/)
  refuses(() => parseCommandLine(['run', '--simbols=2']), /; did you mean --symbols\?$/)
  refuses(() => parseCommandLine(['run', '--zzzzzz']), /--help$/)
  refuses(() => parseCommandLine(['run', '--seed', '1', '--seed=2']), /--seed is given twice; give it once/)
  refuses(() => parseCommandLine(['run', '--force', '--force']), /--force is given twice/)
  for (const word of ['--out=', '--seed=']) refuses(() => parseCommandLine(['run', word]), /is empty; give a value/)
  refuses(() => parseCommandLine(['replay', 'a', '--at', '']), /--at is empty/)
  assert.deepEqual(parseCommandLine(['run', '--out', '-']), {
    command: 'run',
    operand: '',
    operands: [],
    flags: { out: '-' },
  })
})

test('every flag is in the help of its command', () => {
  for (const [command, { flags }] of Object.entries(COMMANDS)) {
    const help = helpText(command as CommandName)
    for (const flag of Object.keys(flags)) assert.ok(help.includes(`--${flag}`))
    assert.ok(helpText(undefined).includes(command))
  }
})

test('parses values of flags; errors show valid ones', () => {
  assert.deepEqual(['90s', '30m', '1h', '6.5h'].map(parseDuration), [90_000, 1_800_000, 3_600_000, 23_400_000])
  assert.deepEqual(
    ['1h30m', '90m', '2d', '1d2h3m4s5ms', '250ms', '0.5h'].map(parseDuration),
    [5_400_000, 5_400_000, 172_800_000, 93_784_005, 250, 1_800_000],
  )
  for (const text of ['', '5', '0s', '-1h', '9999h', '1 h', '30m1h', '1h1h', '400d', 'h', '1.h', '10:00', 'Infinitys'])
    refuses(() => parseDuration(text), /--duration takes values such as 90s/)
  assert.deepEqual(['max', '1x', '60x', '60', '0.5x'].map(parsePaceFlag), [undefined, 1, 60, 60, 0.5])
  for (const text of ['', 'x', '0', '0x', '-1', '-1x', '1xx', 'Infinity', 'NaN', '1e3', 'MAX', '1000000x'])
    refuses(() => parsePaceFlag(text), /--pace takes max or a multiple/)
  assert.equal(parseSeed('9007199254740991'), Number.MAX_SAFE_INTEGER)
  for (const text of ['', '-1', '1.5', '9007199254740993', 'x'])
    refuses(() => parseSeed(text), /--seed takes a whole number/)
  assert.equal(parseSymbolCount('20'), 20)
  for (const text of ['0', '101', 'all', '1.5'])
    refuses(() => parseSymbolCount(text), /--symbols takes a whole number from 1/)
  refuses(() => parseChoice('format', 'lobster', ['tape', 'ndjson']), /--format takes tape or ndjson, not "lobster"/)
})
