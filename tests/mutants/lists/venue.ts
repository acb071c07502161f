// Bugs of the venue: sequencing, flushing, recovery, the clock, the order archive.

import type { Mutant } from '../mutant.ts'

export const VENUE: readonly Mutant[] = [
  {
    breaks: 'a batch is published before it is durable',
    file: 'venue/src/log/journal-log.ts',
    text: `    this.#opened.confirm()
    committed()`,
    replacement: `    committed()
    this.#opened.confirm()`,
  },
  {
    breaks: 'market time runs backwards after the wall clock was set back',
    file: 'venue/src/sequencer/sequencer.ts',
    text: 'Math.max(exchange.time, Math.floor(time))',
    replacement: 'Math.floor(time)',
  },
  {
    breaks: 'a private event is sent twice: with its flush and the next',
    file: 'venue/src/sequencer/sequencer.ts',
    text: `    this.#privateEvents = []
    this.#answers = []`,
    replacement: '    this.#answers = []',
  },
  {
    breaks: 'an id that was used since the last flush is accepted again',
    file: 'venue/src/sequencer/pending-orders.ts',
    text: 'return this.#answers.get(keyOf(accountId, clientOrderId)) ?? this.#stored',
    replacement: 'return this.#stored',
  },
  {
    breaks: 'a restart forgets the commands since the checkpoint',
    file: 'venue/src/recovery/recovery.ts',
    text: 'journal.commandsAfter(from.number)',
    replacement: 'journal.commandsAfter(journal.lastCommand)',
  },
  {
    breaks: 'a restart publishes other events than before, unnoticed',
    file: 'venue/src/recovery/recovery.ts',
    text: 'stored?.seq !== replayed.seq || stored.data !== replayed.data',
    replacement: 'stored?.seq !== replayed.seq',
  },
  {
    breaks: 'a checkpoint that was changed is restored',
    file: 'venue/src/recovery/recovery.ts',
    text: 'if (exchange.stateHash() !== hash) throw',
    replacement: `if (exchange.stateHash() === '') throw`,
  },
  {
    breaks: 'verify does not notice a missing event',
    file: 'venue/src/recovery/verify.ts',
    text: 'if (seq !== expected++) throw',
    replacement: 'if (seq < expected++) throw',
  },
  {
    breaks: 'a new pace leaves a jump in market time',
    file: 'venue/src/market/market-clock.ts',
    text: 'marketBase = Number.isFinite(factor) ? now() : reached',
    replacement: 'marketBase = reached',
  },
  {
    breaks: 'a command of a user waits for the flushes of the market',
    file: 'venue/src/market/market-loop.ts',
    text: 'return Math.min(marketMs, usersMs) - clock.nowMs()',
    replacement: 'return marketMs - clock.nowMs()',
  },
  {
    breaks: 'the market runs on while the gateway cannot follow',
    file: 'venue/src/market/market-loop.ts',
    text: 'this.#lastFlushed - this.#lastProcessed >= BATCHES_IN_FLIGHT_MAX',
    replacement: 'this.#lastPublished < this.#lastProcessed',
  },
  {
    breaks: 'a scenario that runs is started again by a restart',
    file: 'venue/src/market/market-loop.ts',
    text: 'if (!running.has(name)) scenarios.plan',
    replacement: 'scenarios.plan',
  },
  {
    breaks: 'markets of different configurations share a journal',
    file: 'venue/src/market/market-plan.ts',
    text: 'hashText(JSON.stringify([symbols, settings]))',
    replacement: "hashText('')",
  },
  {
    breaks: 'readers delay orders as much as they like',
    file: 'venue/src/reads/read-queue.ts',
    text: 'if (this.#budgetMs < 0) {',
    replacement: 'if (this.#budgetMs === Number.NEGATIVE_INFINITY) {',
  },
  {
    breaks: 'an id is forgotten early after the wall clock was set forward',
    file: 'venue/src/journal/retention-clock.ts',
    text: 'Math.min(Math.max(ts - this.#lastTs, 0), STEP_MAX_US)',
    replacement: 'Math.max(ts - this.#lastTs, 0)',
  },
  {
    breaks: 'orders of sessions that a crash ended are not canceled',
    file: 'venue/src/venue.ts',
    text: 'this.#exchange.guardedSessions.length > 0)',
    replacement: 'this.#exchange.guardedSessions.length === 0)',
  },
  {
    breaks: 'cancelAllAfter does not act after a restart',
    file: 'venue/src/venue.ts',
    text: `    this.#cancelTimer.arm(this.#exchange.cancelDueUs)
    // Much may`,
    replacement: '    // Much may',
  },
  {
    breaks: 'a wall clock that is set forward does not make cancels due',
    file: 'venue/src/market/cancel-timer.ts',
    text: 'Math.min(LOOK_MS, Math.max(1, leftMs))',
    replacement: 'Math.max(1, leftMs)',
  },
  {
    breaks: 'the state of the market source is never stored after its first step',
    file: 'venue/src/market/market-loop.ts',
    text: 'this.#hasSourceChanged ? this.source.save() : undefined',
    replacement: 'this.#lastPublished === 0 ? this.source.save() : undefined',
  },
]
