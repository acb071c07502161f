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
  /** u32 length, JSON: an event as on the other transports, `{id?, event, data}`. */
  json: 2,
  quote: 3,
  trade: 4,
  book: 5,
} as const

/** Before the text of a table or json record: kind and length. */
export const TEXT_BYTES = 5
/** What quotes, trades and books begin with: kind u8, flags u8, number of the symbol u16. Their stamp follows. */
export const START_BYTES = 4
/** seq u16, time u16 (ms), ts u32 (µs): how far from the last whole stamp of the message. */
export const STAMP_BYTES = 8
/** seq u48, time u48 (ms), ts u64 (µs); in the first of a message, and in one too far from the last. */
export const WHOLE_STAMP_BYTES = 20
/** After the stamp: bid and ask i32 (ticks), the size of each u32 (lots). */
export const QUOTE_BYTES = 16
/** After the stamp: number u32, price i32 (ticks), size u32 (lots). */
export const TRADE_BYTES = 12
/** After the stamp: checksum u32, seq - prevSeq u32, first price i32 (ticks), count of the changes u16. */
export const BOOK_BYTES = 14
/** After the book: (ticks - first price) * 2, + 1 on the ask side: i16, or i32 when wide; lots: u16, or u32. */
export const CHANGE_BYTES = { narrow: 4, wide: 8 } as const
/** How many events a conflated one stands for, u16: the last of the record, when the flag is set. */
export const COUNT_BYTES = 2

export const FLAG = {
  /** The event has its id: `<epoch>-<seq>`. */
  id: 1,
  wholeStamp: 2,
  folded: 4,
  /** Of a trade: the aggressor sells. */
  sell: 8,
  hidden: 16,
  auction: 32,
  /** Of a book: changes of eight bytes. */
  wide: 64,
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
