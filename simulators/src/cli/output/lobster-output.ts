// Writes the order flow of a run as LOBSTER's files, a message and an orderbook file a symbol, and a truth file where
// asked for. They are renamed together at the end.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstrumentSpec } from '@papertape/protocol'
import { createLobsterRows, type LobsterRows, type MessageChoice, TRUTH_COLUMNS } from '../../formats/lobster-rows.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import { writeFailure } from '../failure.ts'
import type { FlowOutput } from '../tapes/flow-pieces.ts'
import { openTextOutput, refuseToReplace, type TextOutput } from './text-output.ts'

/** What the files have. */
export interface LobsterChoice {
  readonly levels: number
  readonly messages: MessageChoice
  /** A third file a symbol, with the truth behind each message. */
  readonly truth: boolean
}

interface SymbolFiles {
  readonly rows: LobsterRows
  readonly messages: TextOutput
  readonly orderbook: TextOutput
  readonly truth: TextOutput | undefined
}

/** @throws {CliFailure} when one of the files exists and may not be replaced. */
export function refuseToReplaceLobster(
  folder: string,
  header: TapeHeader,
  choice: LobsterChoice,
  force: boolean,
): void {
  for (const symbol of header.symbols) {
    for (const file of fileNames(folder, symbol, header, choice)) refuseToReplace(file, force)
  }
}

export async function openLobsterOutput(
  folder: string,
  header: TapeHeader,
  instruments: readonly InstrumentSpec[],
  choice: LobsterChoice,
): Promise<FlowOutput> {
  const names = header.symbols.map(symbol => fileNames(folder, symbol, header, choice))
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
      const files: TextOutput[] = []
      for (const name of names[index]!) {
        const output = await openTextOutput(name)
        files.push(output)
        outputs.push(output)
      }
      const [messages, orderbook, truth] = files
      await truth?.write(TRUTH_COLUMNS)
      const rows = createLobsterRows(spec, choice.levels, choice.messages)
      symbols.push({ rows, messages: messages!, orderbook: orderbook!, truth })
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
    async write({ flows, truths }) {
      for (const [index, { rows, messages, orderbook, truth }] of symbols.entries()) {
        const text = rows.take(flows[index]!, truths[index]!)
        await messages.write(text.messages)
        await orderbook.write(text.orderbook)
        await truth?.write(text.truth)
      }
    },
    async finish() {
      for (const output of outputs) await output.finish()
      return names.flat()
    },
  }
}

/** AAPL_2012-06-21_34200000_57600000_message_10.csv: the times of day are in milliseconds. */
function fileNames(folder: string, symbol: string, header: TapeHeader, { levels, truth }: LobsterChoice): string[] {
  const { midnightTime, startTime, durationMs } = header
  const day = new Date(midnightTime).toISOString().slice(0, 10)
  const fromMs = startTime - midnightTime
  const name = (content: string) =>
    join(folder, `${symbol}_${day}_${fromMs}_${fromMs + durationMs}_${content}_${levels}.csv`)
  return [name('message'), name('orderbook'), ...(truth ? [name('truth')] : [])]
}
