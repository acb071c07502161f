// Bugs of the feed: resuming, conflation, back-pressure, long polls, the view.

import type { Mutant } from '../mutant.ts'

export const FEED: readonly Mutant[] = [
  {
    breaks: 'a reader that resumes gets its last event again',
    file: 'feed/src/log/resume-plan.ts',
    text: 'afterSeq: position.seq }',
    replacement: 'afterSeq: position.seq - 1 }',
  },
  {
    breaks: 'a position that has just expired is resumed with a gap',
    file: 'feed/src/log/resume-plan.ts',
    text: `position.seq < oldest - 1 ? 'expired'`,
    replacement: `position.seq < oldest - 2 ? 'expired'`,
  },
  {
    breaks: 'a position of another epoch is resumed',
    file: 'feed/src/log/resume-plan.ts',
    text: `if (position.epoch !== epoch) return 'epoch'`,
    replacement: `if (position.epoch.length !== epoch.length) return 'epoch'`,
  },
  {
    breaks: 'a quote that waits is replaced by nothing newer',
    file: 'feed/src/classes/pending-update.ts',
    text: `    this.#newest = event
`,
    replacement: `    this.#newest ??= event
`,
  },
  {
    breaks: 'quotes leave as often as they change',
    file: 'feed/src/classes/conflation.ts',
    text: ' || nowMs - this.#sentMs < this.#periodMs',
    replacement: '',
  },
  {
    breaks: 'a merged book follows the last change only, which every reader takes for a gap',
    file: 'feed/src/classes/merged-books.ts',
    text: 'prevSeq: books[0]!.prevSeq',
    replacement: 'prevSeq: books.at(-1)!.prevSeq',
  },
  {
    breaks: 'news of one instrument reaches readers of others',
    file: 'feed/src/classes/filter.ts',
    text: 'return news.symbols.length === 0 || news.symbols.some(symbol => symbols.has(symbol))',
    replacement: 'return symbols.size > 0',
  },
  {
    breaks: 'a reader that does not read stays in its class',
    file: 'feed/src/readers/feed-reader.ts',
    text: 'if (hasRoom && this.#wire.write(chunk)) return',
    replacement: 'if (hasRoom) return void this.#wire.write(chunk)',
  },
  {
    breaks: 'a reader that does not read is never ended',
    file: 'feed/src/readers/feed-reader.ts',
    text: `      this.#armStallTimer()
    }
    this.#wire.onDrained`,
    replacement: `    }
    this.#wire.onDrained`,
  },
  {
    breaks: 'trades of before a stall are sent again after it',
    file: 'feed/src/readers/feed-reader.ts',
    text: 'unconflatedUpTo: this.#unconflatedUpTo,',
    replacement: 'unconflatedUpTo: 0,',
  },
  {
    breaks: 'a reader that resumes misses the quotes of before',
    file: 'feed/src/readers/feed-reader.ts',
    text: 'else if (this.#isConflated) this.#sendSnapshot()',
    replacement: 'else if (!this.#isConflated) this.#sendSnapshot()',
  },
  {
    breaks: 'a poll goes on from an event that it was not sent',
    file: 'feed/src/readers/long-polls.ts',
    text: 'encodeAnswer({ last: formatPosition(log.epoch, page.upTo) }',
    replacement: 'encodeAnswer({ last: log.headPosition }',
  },
  {
    breaks: 'a poll is answered with the event before its position again',
    file: 'feed/src/readers/long-polls.ts',
    text: 'poll.run(afterSeq + 1)',
    replacement: 'poll.run(afterSeq)',
  },
  {
    breaks: 'polls hold no place: any number may wait',
    file: 'feed/src/feed.ts',
    text: 'this.#readers.size + this.#polls.size >= this.streamsMax',
    replacement: 'this.#readers.size >= this.streamsMax',
  },
  {
    breaks: 'a stalled connection has room',
    file: 'feed/src/pacing/paced-link.ts',
    text: 'this.#sentMs = speed.bytesPerSecond === 0 ? Number.POSITIVE_INFINITY : this.#clock.nowMs()',
    replacement: 'this.#sentMs = this.#clock.nowMs()',
  },
  {
    breaks: 'what waits for a slow link is written at once',
    file: 'feed/src/pacing/paced-link.ts',
    text: 'this.#waiting[0]!.dueMs <= nowMs',
    replacement: 'this.#waiting[0]!.dueMs > 0',
  },
  {
    breaks: 'what waits is lost when a stall ends',
    file: 'feed/src/pacing/paced-link.ts',
    text: '    for (const { write } of waiting) write()\n',
    replacement: '    waiting.length = 0\n',
  },
  {
    breaks: 'a reader that waits for a stall is not called back at its end',
    file: 'feed/src/pacing/paced-link.ts',
    text: '    for (const { write } of waiting) write()\n    this.#callBack()\n',
    replacement: '    for (const { write } of waiting) write()\n',
  },
  {
    breaks: 'a stalled reader is ended without the reason',
    file: 'feed/src/pacing/paced-wire.ts',
    text: '    this.#pace.restore()\n',
    replacement: '',
  },
  {
    breaks: 'a page that was being fetched passes a stall',
    file: 'feed/src/pacing/paced-wire.ts',
    text: 'if (!this.#pace.isPaced) return this.#wire.write(chunk)',
    replacement: 'return this.#wire.write(chunk)',
  },
  {
    breaks: 'one reader of a slow connection uses all its room',
    file: 'feed/src/pacing/paced-link.ts',
    text: 'this.#roomCallbacks.sort((a, b) => a.lastAdd - b.lastAdd)',
    replacement: 'this.#roomCallbacks',
  },
  {
    breaks: 'a slow link has no jitter',
    file: 'feed/src/pacing/paced-link.ts',
    text: '(jitterMs?.(++this.#writes) ?? 0)',
    replacement: '0',
  },
  {
    breaks: 'quotes that are due do not leave while there are trades to gather',
    file: 'feed/src/classes/subscription-class.ts',
    text: 'if (this.#conflation !== undefined) frames',
    replacement: 'if (this.#conflation !== undefined && events.length === 0) frames',
  },
  {
    breaks: 'a class that is behind gathers on, and the venue does not wait for it',
    file: 'feed/src/classes/subscription-class.ts',
    text: ' && this.#pending.length < CHUNK_EVENTS_MAX',
    replacement: '',
  },
  {
    breaks: 'an event of all instruments is for nobody who asked for one',
    file: 'feed/src/classes/interest-index.ts',
    text: 'for (const member of this.#all) visit(member)',
    replacement: 'for (const member of this.#ofEverySymbol) visit(member)',
  },
  {
    breaks: 'the last of many readers are sent what was new before the first were written to',
    file: 'feed/src/classes/class-group.ts',
    text: 'if (this.#writing === undefined) {',
    replacement: 'if (true) {',
  },
  {
    breaks: 'classes of equal subscriptions take as much of the thread as there are of them',
    file: 'feed/src/classes/subscription-class.ts',
    text: ' * this.#group.size',
    replacement: '',
  },
  {
    breaks: 'any number of readers replay a long past at once',
    file: 'feed/src/readers/replay-places.ts',
    text: 'this.#taken >= PLACES && ',
    replacement: 'false && ',
  },
  {
    breaks: 'a reader that joins is written a chunk of events that it has',
    file: 'feed/src/classes/live-readers.ts',
    text: ' || this.#firstChunks[place]! > chunk.number',
    replacement: '',
  },
  {
    breaks: 'a slow peer gets its quotes more often than it asked for',
    file: 'feed/src/readers/conflated-backlog.ts',
    text: 'this.#updates.flushDue(nowMs, leftBytes)',
    replacement: 'this.#updates.flushDue(undefined, leftBytes)',
  },
  {
    breaks: 'a raw reader that does not keep up reads on ever older',
    file: 'feed/src/readers/raw-backlog.ts',
    text: 'waitedMs >= AGE_MAX_MS || (',
    replacement: '(',
  },
  {
    breaks: 'a raw reader may have any number of bytes waiting',
    file: 'feed/src/readers/raw-backlog.ts',
    text: ' && this.#bytes > BYTES_MAX)',
    replacement: ' && this.#bytes < 0)',
  },
  {
    breaks: 'a raw reader is ended in a burst that it reads at once',
    file: 'feed/src/readers/raw-backlog.ts',
    text: 'const BYTES_AGE_MS = 1_000',
    replacement: 'const BYTES_AGE_MS = 0',
  },
  {
    breaks: 'a replay that falls ever further behind goes on',
    file: 'feed/src/readers/raw-backlog.ts',
    text: 'return !isLess',
    replacement: 'return false',
  },
  {
    breaks: 'a slow reader is notified again and again',
    file: 'feed/src/readers/conflated-backlog.ts',
    text: `    this.#notice = undefined
    return notice`,
    replacement: '    return notice',
  },
  {
    breaks: 'books leave as often as quotes, however slow the peer is',
    file: 'feed/src/readers/rated-updates.ts',
    text: '(isBook ? this.#bookPeriodMs : this.#quotePeriodMs)',
    replacement: 'this.#quotePeriodMs',
  },
  {
    breaks: 'a slow peer is trusted again while it is written less than there is',
    file: 'feed/src/readers/feed-reader.ts',
    text: 'if (!backlog.isAtTop) this.#wire.staySlow?.()',
    replacement: '',
  },
  {
    breaks: 'a declared rate is exceeded',
    file: 'feed/src/pacing/rated-wire.ts',
    text: 'const WRITTEN_SHARE = 0.9',
    replacement: 'const WRITTEN_SHARE = 2',
  },
]
