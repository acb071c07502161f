// A stage of deploy/Dockerfile started on this machine, without Docker: its command and environment in a folder that
// has its files, with a free port and a data folder of the test. Root's part is left out.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort, SHARED_MACHINE } from '../support/server.ts'
import { type DockerStage, environmentOf, healthCommandOf, startCommandOf } from './dockerfile.ts'

const END_MAX_MS = 20_000
const HEALTHY_MAX_MS = 60_000

export interface StartedImage {
  /** The exit code of its health check. */
  health(): Promise<number>
  untilHealthy(): Promise<void>
  /** By the signal that Docker sends. @returns its exit code */
  stop(): Promise<number | null>
}

/** @param folder in place of /app */
export async function startImage(test: TestContext, stage: DockerStage, folder: string): Promise<StartedImage> {
  const data = mkdtempSync(join(tmpdir(), 'papertape-image-'))
  const [port, tlsPort] = [await freePort(), await freePort()]
  const env = {
    ...SHARED_MACHINE,
    HOME: data,
    PATH: [join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    ...environmentOf(stage),
    PAPERTAPE_DATA: data,
    // On no network of this machine.
    PAPERTAPE_HOST: '127.0.0.1',
    PAPERTAPE_PAST_MINUTES: '0',
    PAPERTAPE_PAST_DAYS: '0',
    PORT: String(port),
    TLS_PORT: String(tlsPort),
  }
  const [program, ...words] = startCommandOf(stage)
  const child = spawn(program!, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const stop = async () => {
    if (!isRunning()) return child.exitCode
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS)
    await exited
    clearTimeout(killer)
    return child.exitCode
  }
  test.after(async () => {
    await stop()
    rmSync(data, { recursive: true, force: true })
  })
  const health = () =>
    new Promise<number>(resolve =>
      execFile('sh', ['-c', healthCommandOf(stage)], { cwd: folder, env, timeout: END_MAX_MS }, error =>
        resolve(error === null ? 0 : Number(error.code ?? 1)),
      ),
    )
  return {
    health,
    async untilHealthy() {
      for (const untilMs = performance.now() + HEALTHY_MAX_MS; (await health()) !== 0; await pause(200)) {
        if (!isRunning() || performance.now() > untilMs) throw new Error(`not healthy:\n${output}`)
      }
    },
    stop,
  }
}
