// The Python package: its own tests, its example and the code of its README, against papertape-sim. Skipped where
// there is no Python 3.9; the environment is where gymnasium is installed.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PYTHON = 'python3'
const LIMIT_MS = 300_000
const env = {
  ...process.env,
  PYTHONPATH: `${ROOT}python/src`,
  PYTHONDONTWRITEBYTECODE: '1',
  PAPERTAPE_SIM: `'${process.execPath}' '${ROOT}simulators/src/cli/main.ts'`,
}

function missing(module: string): string | false {
  const found = spawnSync(PYTHON, ['-c', `import sys, ${module}; sys.exit(sys.version_info < (3, 9))`])
  return found.status === 0 ? false : `${PYTHON} 3.9 with ${module} is not installed`
}

/** Its output; fails with it when it does not end well or in time. */
async function run(args: readonly string[]): Promise<string> {
  const child = spawn(PYTHON, args, { env, cwd: ROOT, timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', piece => {
      output += piece
    })
  }
  const code = await new Promise(resolve => child.on('close', resolve))
  assert.equal(code, 0, output)
  return output
}

describe('the Python package', { skip: missing('json') }, () => {
  it('passes its tests', async () => {
    const output = await run(['-m', 'unittest', 'discover', '-s', 'python/tests'])
    assert.match(output, /^Ran \d{2} tests/m)
  })

  it('trains the agent of its example', async () => {
    const output = await run(['python/examples/execution.py', '10'])
    assert.match(output, /^trained 10 episodes in \d+\.\d s, \d+ states\n/)
    assert.equal(output.match(/^cost in cents a share, .*: -?\d+\.\d{3}$/gm)?.length, 4)
  })

  const README = readFileSync(`${ROOT}python/README.md`, 'utf8')
  for (const [i, [, code]] of [...README.matchAll(/```python\n([\s\S]*?)```/g)].entries()) {
    const skip = code!.includes('environment') && missing('gymnasium')
    it(`runs the code of its README, part ${i + 1}`, { skip }, async () => {
      await run(['-c', code!])
    })
  }
})
