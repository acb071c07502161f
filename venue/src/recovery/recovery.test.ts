// Recovery from a journal in memory: the same state as before, from any checkpoint; and a journal that gives anything
// else than what was written is refused. Damaged files are tested in server/src/journal/recovery.test.ts.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { createSimulatedMarket, selectInstruments } from '@papertape/simulators'
import type { Journal, LoggedCommand, OrderArchiveStore } from '../journal/journal.ts'
import { JournalDamaged, JournalOutdated } from '../journal/journal-errors.ts'
import { MemoryJournal } from '../journal/memory-journal.ts'
import { checkpointOf } from '../sequencer/checkpoint.ts'
import { Sequencer } from '../sequencer/sequencer.ts'
import { recover } from './recovery.ts'
import { verifyJournal } from './verify.ts'

const INSTRUMENTS = selectInstruments(1)
const START = 1_767_623_400_000
const FLUSHES = 20

/** Half a minute of a market with an account that buys; a checkpoint in the middle when asked for. */
function writeJournal(checkpointAfter?: number) {
  const journal = new MemoryJournal()
  const recovered = recover(journal, INSTRUMENTS)
  const { exchange } = recovered
  const source = createSimulatedMarket({ seed: 5, instruments: INSTRUMENTS, startTime: START })
  let ts = START * 1_000
  const sequencer = new Sequencer({ ...recovered, journal, wallMicros: () => ++ts, eventsKept: 1_000_000 })
  sequencer.submit({ type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 1_000_000 }, START)
  for (let flush = 1; flush <= FLUSHES; flush++) {
    const until = START + flush * 1_500
    while (source.nextTime! < until) {
      const time = source.nextTime!
      source.step({
        book: exchange,
        submit: command => sequencer.submit(command, time) as never,
        announce: () => assert.fail(),
      })
    }
    const order = { symbol: 'VELTR', side: 'buy', orderType: 'market', size: 2, timeInForce: 'IOC' } as const
    const place = { type: 'order.place', accountId: 'ann', clientOrderId: `c${flush}`, postOnly: false } as const
    sequencer.submit({ ...place, ...order }, until)
    sequencer.flush(null)
    if (flush === checkpointAfter) journal.writeCheckpoint(sequencer.checkpoint())
  }
  return { journal, hash: exchange.stateHash(), seq: exchange.seq }
}

const ORIGINAL = writeJournal(FLUSHES / 2)
const COMMANDS = [...ORIGINAL.journal.commandsAfter(0)]

/** The original with other answers of some methods. */
function changed(methods: Partial<Journal>): Journal {
  const { journal } = ORIGINAL
  return new Proxy(journal, {
    get(target, name) {
      const value = Reflect.get(name in methods ? methods : target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function changedCommands(change: (commands: readonly LoggedCommand[]) => readonly LoggedCommand[]): Journal {
  return changed({ commandsAfter: number => change([...ORIGINAL.journal.commandsAfter(number)]) })
}

function changedFills(change: (fill: Execution) => Execution): Journal {
  return changed({
    privateEvents: (accountId, from, limit) =>
      ORIGINAL.journal.privateEvents(accountId, from, limit).map(event => {
        const sent = JSON.parse(event.data) as Execution
        return sent.lastSize > 0 ? { ...event, data: JSON.stringify(change(sent)) } : event
      }),
  })
}

function changedOrders(methods: Partial<OrderArchiveStore>): Journal {
  const orders = new Proxy(ORIGINAL.journal.orders, {
    get: (target, name) => {
      const value = Reflect.get(name in methods ? methods : target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return changed({ orders })
}

describe('recovery', () => {
  test('takes a journal whose fills have no time of the market, as they were written before', () => {
    const { exchange } = recover(
      changedFills(({ time, ...fill }) => {
        assert.ok(time !== undefined && time > START)
        return fill
      }),
      INSTRUMENTS,
    )
    assert.equal(exchange.stateHash(), ORIGINAL.hash)
  })

  test('gives the state that was left, and the last command', () => {
    const { journal, hash } = ORIGINAL
    const { exchange, commandNumber, checkpoint } = recover(journal, INSTRUMENTS)
    assert.equal(exchange.stateHash(), hash)
    assert.equal(exchange.seq, journal.head())
    assert.equal(commandNumber, COMMANDS.at(-1)!.number)
    assert.equal(checkpoint.hash, journal.checkpoint('newest')!.hash)
    assert.deepEqual([exchange.takeEvents(), exchange.takePrivateEvents()], [[], []])
  })

  test('gives the same state from the first checkpoint, and from one at the end', () => {
    const { journal, hash } = writeJournal()
    assert.equal(hash, ORIGINAL.hash)
    const { exchange, commandNumber } = recover(journal, INSTRUMENTS)
    assert.equal(exchange.stateHash(), hash)
    journal.writeCheckpoint(checkpointOf(exchange, commandNumber))
    assert.equal(journal.checkpoint('newest')!.number, commandNumber)
    assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), hash)
  })

  test('gives the same state when the journal has forgotten its past', () => {
    const { journal, hash, seq } = writeJournal(FLUSHES / 2)
    journal.forget(50)
    assert.equal(journal.oldest(), seq - 49)
    assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), hash)
    assert.equal(verifyJournal(journal, INSTRUMENTS).hash, hash)
  })

  test('of a new journal gives the empty market, and writes its first checkpoint', () => {
    const journal = new MemoryJournal()
    const { exchange, commandNumber } = recover(journal, INSTRUMENTS)
    assert.deepEqual([exchange.seq, commandNumber], [0, 0])
    assert.equal(journal.checkpoint('newest')!.hash, exchange.stateHash())
    assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), exchange.stateHash())
  })

  test('of a restored exchange that went on does not change what is restored next', () => {
    const { journal, hash } = writeJournal(FLUSHES)
    for (let i = 0; i < 3; i++) {
      const { exchange } = recover(journal, INSTRUMENTS)
      assert.equal(exchange.stateHash(), hash)
      const stamp = { ts: START * 1_000, time: START + 60_000 + i }
      exchange.apply({ type: 'phase.set', symbol: null, phase: 'halted', reason: 'test', until: null }, stamp)
      exchange.apply({ type: 'order.cancelAll', accountId: 'ann' }, stamp)
    }
  })
})

test('verification replays everything, and returns state, head and number of commands', () => {
  const { journal, hash } = ORIGINAL
  assert.ok(COMMANDS.length > 100, `${COMMANDS.length}`)
  assert.deepEqual(verifyJournal(journal, INSTRUMENTS), { hash, seq: journal.head(), commands: COMMANDS.length })
})

describe('a changed journal is refused', () => {
  const late = ORIGINAL.journal.head() - 3
  const early = 20
  const changedEvents = (change: (seq: number, data: string) => string) =>
    changed({
      eventsFrom: (from, limit) =>
        ORIGINAL.journal.eventsFrom(from, limit).map(event => ({ ...event, data: change(event.seq, event.data) })),
    })
  const lastStreamSeq = ORIGINAL.journal.privateEvents('ann', 1, 1_000).at(-1)!.seq
  const newest = ORIGINAL.journal.checkpoint('newest')!

  /** After the newest checkpoint. */
  const FOUND_AT_START: Readonly<Record<string, [journal: Journal, message: RegExp]>> = {
    'a command of another size': [
      changedCommands(commands =>
        commands.map(one =>
          one === commands.at(-1) ? { ...one, command: { ...one.command, size: 3 } as never } : one,
        ),
      ),
      /event \d+ .*its command gives/,
    ],
    'a command of an unknown account': [
      changedCommands(commands =>
        commands.map(one =>
          one.command.type === 'order.place' ? { ...one, command: { ...one.command, accountId: 'eve' } } : one,
        ),
      ),
      /command \d+ cannot be applied again|event \d+/,
    ],
    'the last command missing': [
      changedCommands(commands => commands.slice(0, -1)),
      /has events up to \d+|not in the order/,
    ],
    'a command in the middle missing': [
      changedCommands(commands => commands.filter((_, i) => i !== 3)),
      /command \d+ is missing/,
    ],
    'all commands after the checkpoint missing': [changedCommands(() => []), /has events up to \d+, its commands give/],
    'an event with other data': [
      changedEvents((seq, data) => (seq === late ? data.replace('"time":', '"time":1') : data)),
      new RegExp(`event ${late} was published as`),
    ],
    'a missing event': [
      changed({
        eventsFrom: (from, limit) => ORIGINAL.journal.eventsFrom(from, limit).filter(({ seq }) => seq !== late),
      }),
      new RegExp(`event ${late} was published as`),
    ],
    'a head beyond the commands': [changed({ head: () => ORIGINAL.journal.head() + 1 }), /has events up to/],
    'a missing private event': [
      changed({
        privateEvents: (accountId, from, limit) =>
          ORIGINAL.journal.privateEvents(accountId, from, limit).filter(({ seq }) => seq !== lastStreamSeq),
      }),
      new RegExp(`event ${lastStreamSeq} of account ann`),
    ],
    'a fill at another time of the market': [
      changedFills(fill => ({ ...fill, time: START })),
      /event \d+ of account ann was sent as .*its command gives/,
    ],
    'a checkpoint with another market': [
      changed({ checkpoint: () => ({ ...newest, market: { ...(newest.market as object), time: START + 1 } }) }),
      /the checkpoint at command \d+/,
    ],
    'a checkpoint without its rows': [
      changed({ checkpoint: () => ({ ...newest, rows: () => [] }) }),
      /the checkpoint at command/,
    ],
    'a row of a checkpoint that is not JSON': [
      changed({ checkpoint: () => ({ ...newest, rows: () => newest.rows().map(row => ({ ...row, body: 'x' })) }) }),
      /the checkpoint at command \d+ cannot be restored/,
    ],
    'no checkpoint': [changed({ checkpoint: () => undefined }), /it has no checkpoint/],
    'an order archive without its rows': [
      changedOrders({ holds: () => false }),
      /of account ann is not in the order archive/,
    ],
  }
  for (const [name, [journal, message]] of Object.entries(FOUND_AT_START)) {
    test(`${name}: at start, and by verification`, () => {
      for (const read of [recover, verifyJournal]) {
        assert.throws(
          () => read(journal, INSTRUMENTS),
          error => error instanceof JournalDamaged && (read === verifyJournal || message.test(error.message)),
        )
      }
    })
  }

  const FOUND_BY_VERIFICATION: Readonly<Record<string, Journal>> = {
    'an early event': changedEvents((seq, data) => (seq === early ? data.replace('"time":', '"time":1') : data)),
    'a missing event before the oldest checkpoint': changed({
      checkpoint: () => newest,
      eventsFrom: (from, limit) => ORIGINAL.journal.eventsFrom(from, limit).filter(({ seq }) => seq !== early),
    }),
    'an early command': changed({
      commandsAfter: number =>
        [...ORIGINAL.journal.commandsAfter(number)].map(one =>
          one.command.type === 'order.place' && one.command.clientOrderId === 'c2'
            ? { ...one, command: { ...one.command, clientOrderId: 'c3' } }
            : one,
        ),
    }),
    "a later checkpoint's hash": changed({
      checkpointHashes: () => new Map([...ORIGINAL.journal.checkpointHashes()].map(([number]) => [number, 'abc'])),
    }),
    'the counts of the order archive': changedOrders({
      rowsOf: accountId => ({ ...ORIGINAL.journal.orders.rowsOf(accountId), counted: 1 }),
    }),
  }
  for (const [name, journal] of Object.entries(FOUND_BY_VERIFICATION)) {
    test(`${name}: by verification`, () => {
      assert.doesNotThrow(() => recover(journal, INSTRUMENTS))
      assert.throws(() => verifyJournal(journal, INSTRUMENTS), JournalDamaged)
    })
  }

  test('a checkpoint of another release is refused as such', () => {
    const other = changed({ checkpoint: () => ({ ...newest, version: 1 }) })
    assert.throws(() => recover(other, INSTRUMENTS), JournalOutdated)
  })
})
