// The load generator `fanload`, which is not part of the project, so that nobody fits it to the result: compiled from
// ../shared/bench for each run. Opens connections, and says what they received in a time. Its README has the fields.

import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { killProcess, spawnProgram } from '../server-process.ts'

/** The core of the generator and of this process; the server has the other. */
export const [SERVER_CORE, GENERATOR_CORE] = [0, 1]

const SOURCE = fileURLToPath(new URL('../../../../shared/bench/fanload.c', import.meta.url))
const COMPILE_MS_MAX = 60_000
const OPEN_S_MAX = 90
/** For its report after the measurement. */
const REPORT_MS_MAX = 30_000

/** What all connections received while it was measured. */
export interface LoadReport {
  readonly opened: number
  readonly failed: number
  readonly seconds: number
  readonly events: number
  readonly bytes: number
  /** Of the connection that got the fewest. */
  readonly eventsLeast: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Connections that ended or failed, bytes that were no protocol: loss in every mode. */
  readonly broken: number
  /** Events missing, repeated or out of order by their `seq`: loss where nothing is conflated. */
  readonly outOfSequence: number
  /** Of the generator's core. Near 100 the generator is measured, and not the server. */
  readonly generatorPercent: number
}

export interface ConnectionLoad {
  readonly url: string
  readonly connections: number
  readonly warmUpMs: number
  readonly measureMs: number
  /** Of a WebSocket, and the message that each sends when it is open. */
  readonly subprotocol?: string
  readonly send?: string
  /** So many of the connections stop reading when it begins to measure, for a time. They are left out of its report. */
  readonly stalled?: { readonly connections: number; readonly forMs: number }
}

/** What each connection asks for. */
export type LoadTarget = Pick<ConnectionLoad, 'url' | 'subprotocol' | 'send'>

export interface OpenLoad {
  /** Starts warming up at once, and measures after it. */
  measure(): Promise<LoadReport>
  close(): Promise<void>
}

/** A program that a benchmark needs is not there: `npm run bench` says so and exits with 2. */
export class MissingProgram extends Error {}

/**
 * @param folder for the compiled program
 * @throws MissingProgram
 */
export function compileFanload(folder: string): string {
  const source = process.env.FANLOAD_SOURCE ?? SOURCE
  if (!existsSync(source)) {
    throw new MissingProgram('The load generator is not there: ../shared/bench/fanload.c, or FANLOAD_SOURCE.')
  }
  return compileC(source, folder, 'fanload')
}

/** @throws MissingProgram */
export function compileC(source: string, folder: string, name: string): string {
  const program = join(folder, name)
  const { error, status, stderr } = spawnSync('gcc', ['-O2', '-o', program, source], { timeout: COMPILE_MS_MAX })
  if (error !== undefined) throw new MissingProgram(`gcc is needed to compile ${name}: ${error.message}`)
  if (status !== 0) throw new MissingProgram(`gcc does not compile ${name}: ${stderr}`)
  return program
}

/** Resolves when all connections are open. */
export async function openLoad(fanload: string, load: ConnectionLoad): Promise<OpenLoad> {
  const child = spawnProgram(fanload, loadArguments(load), { core: GENERATOR_CORE, stderr: 'pipe' })
  try {
    await lineOf(child, 'stderr', /^ready /, (OPEN_S_MAX + 10) * 1_000)
  } catch (error) {
    await killProcess(child)
    throw error
  }
  child.stderr!.resume()
  return {
    async measure() {
      child.stdin!.write('\n')
      const text = await lineOf(child, 'stdout', /^\{/, load.warmUpMs + load.measureMs + REPORT_MS_MAX)
      return readReport(text)
    },
    close: () => killProcess(child),
  }
}

function loadArguments(load: ConnectionLoad): string[] {
  const { url, connections, warmUpMs, measureMs, subprotocol, send, stalled } = load
  const seconds = (ms: number) => String(ms / 1_000)
  return [
    ...['-n', String(connections), '-w', seconds(warmUpMs), '-t', seconds(measureMs), '--wait-stdin'],
    ...['--open-timeout', String(OPEN_S_MAX)],
    ...(subprotocol === undefined ? [] : ['--subprotocol', subprotocol]),
    ...(send === undefined ? [] : ['--send', send]),
    ...(stalled === undefined ? [] : ['--slow', String(stalled.connections), '--slow-for', seconds(stalled.forMs)]),
    url,
  ]
}

/** @throws Error when the program ended, or was silent for too long */
async function lineOf(
  child: ChildProcess,
  output: 'stdout' | 'stderr',
  wanted: RegExp,
  limitMs: number,
): Promise<string> {
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs)
  try {
    const lines = createInterface({ input: child[output]! })
    for await (const line of lines) if (wanted.test(line)) return line
  } finally {
    clearTimeout(limit)
  }
  throw new Error(`fanload ended before it wrote ${wanted} to ${output}`)
}

/** @param json the one line that fanload prints */
export function readReport(json: string): LoadReport {
  const report = JSON.parse(json) as FanloadJson
  const { lat_us: latency, seq } = report
  return {
    opened: report.opened,
    failed: report.failed,
    seconds: report.secs,
    events: report.msgs,
    bytes: report.bytes,
    eventsLeast: report.per_conn_min,
    p50Ms: latency.p50 / 1_000,
    p99Ms: latency.p99 / 1_000,
    broken: report.failed + report.closed_by_server + report.proto_err,
    outOfSequence: seq.missing + seq.dups + seq.back,
    generatorPercent: report.self.cpu_pct,
  }
}

/** Those of its fields that are used here, as it names them. */
interface FanloadJson {
  readonly opened: number
  readonly failed: number
  readonly closed_by_server: number
  readonly proto_err: number
  readonly secs: number
  readonly msgs: number
  readonly bytes: number
  readonly per_conn_min: number
  readonly lat_us: { readonly p50: number; readonly p99: number }
  readonly seq: { readonly missing: number; readonly dups: number; readonly back: number }
  readonly self: { readonly cpu_pct: number }
}
