// Writes rows as one Parquet file, in groups of rows: constant memory. Times are microseconds in UTC, whole numbers
// stay whole numbers. Loaded on demand, with its library.

import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { openTextOutput } from './text-output.ts'

/** `time`: microseconds since 1970. All but `required` ones may be null. */
export interface ParquetColumn {
  readonly type: 'time' | 'text' | 'int32' | 'int64' | 'double'
  readonly required?: true
}

/** By name, in the order of the columns. */
export type ParquetColumns<Row> = Readonly<Record<keyof Row & string, ParquetColumn>>

export interface ParquetFile<Row> {
  readonly bytes: number
  write(rows: readonly Row[]): Promise<void>
  finish(): Promise<void>
  discard(): Promise<void>
}

const ROW_GROUP = 100_000
const ELEMENTS = {
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
} as const

/** @throws {CliFailure} when the file cannot be created. */
export async function openParquetFile<Row>(file: string, columns: ParquetColumns<Row>): Promise<ParquetFile<Row>> {
  const output = await openTextOutput(file)
  const bytes = new ByteWriter()
  const names = Object.keys(columns) as (keyof Row & string)[]
  const elements = names.map(name => {
    const { type, required } = columns[name]
    return { name, ...ELEMENTS[type], repetition_type: required === true ? 'REQUIRED' : 'OPTIONAL' } as const
  })
  const root = { name: 'root', num_children: names.length }
  const writer = new ParquetWriter({ writer: bytes, schema: [root, ...elements] })
  let rows: Row[] = []

  /** Writes what the library has encoded so far to the file. */
  async function flush(): Promise<void> {
    await output.write(bytes.getBytes())
    bytes.index = 0
  }

  async function writeGroup(): Promise<void> {
    if (rows.length === 0) return
    const columnData = names.map(name => ({ name, data: rows.map(row => encode(row[name], columns[name])) }))
    await writer.write({ columnData, rowGroupSize: rows.length })
    rows = []
    await flush()
  }

  return {
    get bytes() {
      return output.bytes
    },
    async write(more) {
      for (const row of more) rows.push(row)
      if (rows.length >= ROW_GROUP) await writeGroup()
    },
    async finish() {
      await writeGroup()
      await writer.finish()
      await flush()
      await output.finish()
    },
    async discard() {
      await output.discard()
    },
  }
}

/** The library takes 64-bit integers as bigints. */
function encode(value: unknown, { type }: ParquetColumn): unknown {
  if (value === null || value === undefined) return null
  return type === 'time' || type === 'int64' ? BigInt(value as number) : value
}
