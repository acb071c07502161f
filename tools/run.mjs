// Runs a command to its end without a word of its output, unless it fails. For the pre-scripts of npm; plain JavaScript
// without dependencies for Node 20 or later.

import { spawnSync } from 'node:child_process'

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024
const LINES_SHOWN = 30

/**
 * @param {{ cwd: string, timeout?: number, env?: NodeJS.ProcessEnv }} options
 * @returns {string | undefined} why it failed, with the last lines that it printed; undefined when it did not
 */
export function runQuietly(command, args, options) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  })
  if (error !== undefined) return error.message
  if (status === 0) return undefined
  const lines = `${stdout}${stderr}`.trimEnd().split('\n')
  return [`ended with ${status ?? signal}`, ...lines.slice(-LINES_SHOWN)].join('\n')
}

/** The npm that runs this script, where it says which; the one on the path otherwise. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath
  return npm === undefined ? runQuietly('npm', args, options) : runQuietly(process.execPath, [npm, ...args], options)
}
