// Typed arrays of one length that grow row by row, by column name. For parsers, which learn the number of rows at the
// end.

const ROWS_FIRST = 1 << 10

type ReplayColumn = Float64Array | Int32Array | Uint8Array | Int8Array
type ColumnType = Float64ArrayConstructor | Int32ArrayConstructor | Uint8ArrayConstructor | Int8ArrayConstructor
type ColumnsOf<Types> = {
  [Name in keyof Types]: Types[Name] extends new (length: number) => infer Array ? Array : never
}

export interface GrowingColumns<Types> {
  /** Columns with room for row `count`. Call before each row: growing replaces the arrays. */
  at(count: number): ColumnsOf<Types>
  /** The first `count` rows. */
  cut(count: number): ColumnsOf<Types>
}

export function growColumns<Types extends Record<string, ColumnType>>(types: Types): GrowingColumns<Types> {
  const names = Object.keys(types)
  let length = ROWS_FIRST
  const columns: Record<string, ReplayColumn> = {}
  for (const name of names) columns[name] = new types[name]!(length)

  return {
    at(count) {
      if (count >= length) {
        length *= 2
        for (const name of names) {
          const longer = new types[name]!(length)
          longer.set(columns[name]!)
          columns[name] = longer
        }
      }
      return columns as ColumnsOf<Types>
    },
    cut: count => Object.fromEntries(names.map(name => [name, columns[name]!.subarray(0, count)])) as ColumnsOf<Types>,
  }
}
