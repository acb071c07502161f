// A process of a cluster under test: started, killed, suspended and started again with the same words. Waits for what
// it writes, never without a limit.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { within } from '@papertape/protocol/testing/within'

const START_MAX_MS = 60_000
const END_MAX_MS = 60_000

export interface ChildSettings {
  readonly name: string
  readonly words: readonly [program: string, ...args: string[]]
  readonly env: NodeJS.ProcessEnv
  /** What it writes once it is open. */
  readonly open: RegExp
}

export class Child {
  readonly name: string
  readonly #settings: ChildSettings
  #process: ChildProcess | undefined
  #output = ''
  /** Of the present process. */
  #recent = ''
  #wake = () => {}
  #isClosed = false

  constructor(settings: ChildSettings) {
    this.name = settings.name
    this.#settings = settings
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** What it has written since its first start. */
  get output(): string {
    return this.#output
  }

  /** What the present process has written. */
  get recent(): string {
    return this.#recent
  }

  /** Settles when it is open. */
  async start(): Promise<void> {
    const { words, env, open } = this.#settings
    const [program, ...args] = words
    if (this.#isClosed) throw new Error(`${this.name} is closed`)
    this.#recent = ''
    const started = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = started
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk
        this.#recent += chunk
        this.#wake()
      })
    }
    // Everything that it has written is read by then.
    started.once('close', () => this.#wake())
    await this.wrote(open)
  }

  /**
   * Waits until the present process has written something.
   * @param from this character of `recent` on
   * @throws when it ends before
   */
  async wrote(words: RegExp, from = 0): Promise<void> {
    const looking = new Promise<void>((resolve, reject) => {
      this.#wake = () => {
        if (words.test(this.#recent.slice(from))) resolve()
        else if (!this.isRunning)
          reject(new Error(`${this.name} ended with ${this.#process?.exitCode}:\n${this.#recent}`))
      }
      this.#wake()
    })
    await within(looking, `${words} of ${this.name}`, START_MAX_MS).catch(error => {
      throw new Error(`${error.message}\n${this.#recent.slice(-2_000)}`)
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  /** Ends it by a signal and waits until it is gone. @returns its exit code */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const running = this.#process
    if (running === undefined || !this.isRunning) return running?.exitCode ?? null
    const exited = once(running, 'exit')
    running.kill(signal)
    await within(exited, `the end of ${this.name}`, END_MAX_MS)
    return running.exitCode
  }

  /** Kills it, also while it is suspended; whoever would start it again is refused. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.end('SIGKILL')
  }
}
