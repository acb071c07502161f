// The loss laboratory as users run it: a process on free ports, ended by a signal.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LossLabAnswer } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'

export interface RunningLossLab {
  readonly port: number
  readonly answer: LossLabAnswer
  close(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../lab/src/main.ts', import.meta.url))

export async function startLossLab(): Promise<RunningLossLab> {
  const child = spawn(process.execPath, [MAIN, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', chunk => (output += chunk))
  let port: string | undefined
  while (port === undefined) {
    await within(Promise.race([once(child.stdout, 'data'), once(child, 'exit')]), 'the start of the laboratory')
    if (child.exitCode !== null) throw new Error(`the laboratory ended with ${child.exitCode}: ${output}`)
    port = /http:\/\/127\.0\.0\.1:(\d+)\/lab/.exec(output)?.[1]
  }
  const answer = (await (await fetch(`http://127.0.0.1:${port}/lab`)).json()) as LossLabAnswer
  return {
    port: Number(port),
    answer,
    async close() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await within(exited, 'the end of the laboratory')
    },
  }
}
