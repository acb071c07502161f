// The entry of papertape-conform: runs the suite against a server, prints the table, and sets the exit code.

import { REQUIREMENTS } from '../requirements/all.ts'
import { type RequirementResult, runSuite } from '../suite/suite.ts'
import { Http2Connection } from '../target/http2-connection.ts'
import type { Target } from '../target/target.ts'
import { connectTcp } from '../target/tcp.ts'
import { type ConformRequest, HELP, parseConformRequest, UsageFailure } from './arguments.ts'
import { formatJson, formatList, formatResults, formatSummary } from './report.ts'

const EXIT = { passed: 0, failed: 1, usage: 2 } as const
const REACH_MAX_MS = 5_000

async function main(words: readonly string[]): Promise<number> {
  const request = parseConformRequest(words, REQUIREMENTS)
  if (request.kind === 'help') process.stdout.write(HELP)
  else if (request.kind === 'list') process.stdout.write(formatList(request.requirements))
  else return run(request)
  return EXIT.passed
}

async function run(request: ConformRequest): Promise<number> {
  const { url, isHttp2 } = request
  const target = { url, fetch, WebSocket, connect: connectTcp(url) }
  if (!isHttp2) return judge(target, request)
  const connection = new Http2Connection(url)
  try {
    return await judge({ ...target, fetch: connection.fetch }, request)
  } finally {
    connection.close()
  }
}

async function judge(target: Target, { url, requirements, isJson, limitMs }: ConformRequest): Promise<number> {
  await requireReachable(target)
  const startMs = performance.now()
  const isTerminal = process.stderr.isTTY === true
  const onResult = isTerminal && !isJson ? progress(requirements.length) : () => {}
  const results = await runSuite(target, requirements, { limitMs, onResult })
  if (isJson) process.stdout.write(formatJson(url, results))
  else {
    const { isTTY = false, columns = Number.POSITIVE_INFINITY } = process.stdout
    process.stdout.write(formatResults(results, { isColored: isTTY, columns }))
    process.stdout.write(formatSummary(results, performance.now() - startMs))
  }
  return results.some(({ verdict }) => verdict.status === 'failed') ? EXIT.failed : EXIT.passed
}

/** @throws {UsageFailure} when nothing of the contract answers there. */
async function requireReachable({ url, fetch }: Target): Promise<void> {
  const asked = `${url}/v1/instruments`
  const answer = await fetch(asked, { signal: AbortSignal.timeout(REACH_MAX_MS) }).catch((error: Error) => {
    const reason = error.cause instanceof Error ? error.cause.message : error.message
    throw new UsageFailure(`no answer from ${url}: ${reason || 'the connection failed'}; is the server running?`)
  })
  if (!answer.ok) throw new UsageFailure(`${asked} answers ${answer.status}; this is not the address of such a server`)
}

/** Rewrites one row of the terminal with each result. */
function progress(all: number): (result: RequirementResult) => void {
  let done = 0
  return ({ requirement }) => {
    done++
    const row = done === all ? '' : `${done} of ${all}: ${requirement.id}`
    process.stderr.write(`\r\u001b[K${row}`)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageFailure)) throw error
  process.stderr.write(`papertape-conform: ${error.message}\n`)
  process.exitCode = EXIT.usage
}
