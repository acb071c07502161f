// The layout of the binary messages of a feed subscription: version, kinds, sizes, flags. docs/binary.md describes it.
// Constants alone: encoder.ts writes it, decoder.ts reads it. All numbers are little-endian.

/** The first byte of each message. A change of anything below is another version. */
export const BINARY_VERSION = 1

/** A message begins with the version, the length of the subscription's name (u8) and the name. Records follow. */
export const HEAD_BYTES = 2

/** The first byte of a record. */
export const RECORD = {
  /** u32 length, JSON: the epoch and the instruments, which number the symbols. */
  table: 1,
  /** seq, ts and time that the events after it in the message count from: three u64. */
  base: 2,
  /** u32 length, JSON: an event as on the other transports, `{id?, event, data}`. */
  json: 3,
  quote: 4,
  trade: 5,
  book: 6,
} as const

/** Before the text of a table or json record: kind and length. */
export const TEXT_BYTES = 5
export const BASE_BYTES = 25
/** Kind u8, flags u8, symbol u16, seq - base u16, time - base u16 (ms), ts - base u32 (µs). */
export const EVENT_BYTES = 12
/** Bid i32, ask i32 (ticks), size of each u32 (lots). */
export const QUOTE_BYTES = EVENT_BYTES + 16
/** Number u32, price i32 (ticks), size u32 (lots). */
export const TRADE_BYTES = EVENT_BYTES + 12
/** Checksum u32, seq - prevSeq u32, first price i32 (ticks), count of the changes u16. */
export const BOOK_BYTES = EVENT_BYTES + 14
/** After the others, when the flag is set: u32. */
export const COUNT_BYTES = 4
/** (ticks - first price) * 2, + 1 on the ask side: i16, or i32 in a wide record; lots: u16, or u32. */
export const CHANGE_BYTES = { narrow: 4, wide: 8 } as const

export const FLAG = {
  /** The event has its id: `<epoch>-<seq>`. */
  id: 1,
  folded: 2,
  /** Of a trade: the aggressor sells. */
  sell: 4,
  hidden: 8,
  auction: 16,
  /** Of a book: changes of eight bytes. */
  wide: 32,
} as const

/** Instead of a price: there is none on this side. */
export const NO_PRICE = -(2 ** 31)

/** A message ends with the event that passes it. */
export const MESSAGE_BYTES = 16 * 1_024

/** What the numbers of a message stand for. Fixed while an epoch lasts. */
export interface BinaryTable {
  readonly epoch: string
  /** All of the market, by their numbers: the first has 0. */
  readonly instruments: readonly BinaryInstrument[]
}

export interface BinaryInstrument {
  readonly symbol: string
  /** A price is `ticks * tickUnits / 10000`. */
  readonly tickUnits: number
  /** A size is `lots * lotSize`. */
  readonly lotSize: number
}
