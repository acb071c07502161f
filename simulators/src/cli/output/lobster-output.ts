// Writes the order flow of a run as LOBSTER's files, a message and an orderbook file a symbol. They are renamed
// together at the end.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstrumentSpec } from '@papertape/protocol'
import { createLobsterRows, type LobsterRows } from '../../formats/lobster-rows.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import { writeFailure } from '../failure.ts'
import type { FlowOutput } from '../tapes/flow-pieces.ts'
import { openTextOutput, refuseToReplace, type TextOutput } from './text-output.ts'

interface SymbolFiles {
  readonly rows: LobsterRows
  readonly messages: TextOutput
  readonly orderbook: TextOutput
}

/** @throws {CliFailure} when one of the files exists and may not be replaced. */
export function refuseToReplaceLobster(folder: string, header: TapeHeader, levels: number, force: boolean): void {
  for (const symbol of header.symbols) {
    for (const file of fileNames(folder, symbol, header, levels)) refuseToReplace(file, force)
  }
}

export async function openLobsterOutput(
  folder: string,
  header: TapeHeader,
  instruments: readonly InstrumentSpec[],
  levels: number,
): Promise<FlowOutput> {
  const names = header.symbols.map(symbol => fileNames(folder, symbol, header, levels))
  await mkdir(folder, { recursive: true }).catch(error => {
    throw writeFailure(error, folder)
  })
  const outputs: TextOutput[] = []
  const symbols: SymbolFiles[] = []
  const discard = async () => {
    for (const output of outputs) await output.discard()
  }
  try {
    for (const [index, spec] of instruments.entries()) {
      const [messages, orderbook] = [await openTextOutput(names[index]![0]), await openTextOutput(names[index]![1])]
      outputs.push(messages, orderbook)
      symbols.push({ rows: createLobsterRows(spec, levels), messages, orderbook })
    }
  } catch (error) {
    await discard()
    throw error
  }
  return {
    discard,
    get bytes() {
      return outputs.reduce((sum, { bytes }) => sum + bytes, 0)
    },
    async write({ flows }) {
      for (const [index, { rows, messages, orderbook }] of symbols.entries()) {
        const text = rows.take(flows[index]!)
        await messages.write(text.messages)
        await orderbook.write(text.orderbook)
      }
    },
    async finish() {
      for (const output of outputs) await output.finish()
      return names.flat()
    },
  }
}

/** AAPL_2012-06-21_34200000_57600000_message_10.csv: the times of day are in milliseconds. */
function fileNames(folder: string, symbol: string, header: TapeHeader, levels: number): [string, string] {
  const { midnightTime, startTime, durationMs } = header
  const day = new Date(midnightTime).toISOString().slice(0, 10)
  const fromMs = startTime - midnightTime
  const name = (content: string) =>
    join(folder, `${symbol}_${day}_${fromMs}_${fromMs + durationMs}_${content}_${levels}.csv`)
  return [name('message'), name('orderbook')]
}
