// The longest price ladder of a replayed instrument.

/** About a gigabyte of virtual memory, of which only what prices use is committed. In cents: $167,772.16. */
export const LADDER_TICKS_MOST = 2 ** 24
