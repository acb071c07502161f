// deploy/Dockerfile without Docker: what its server's stage starts becomes healthy and ends in good order. With
// DOCKERFILE_STEPS=1 each step runs that needs no root, in a folder of its own, and what comes out is what is started:
// some minutes and 300 MB of downloads.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type DockerStage, readDockerfile, stageNamed, stepsOf } from './dockerfile.ts'
import { startImage } from './started-image.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const STEP_MAX_MS = 900_000
/** Packages and users: on this machine they are there, or not needed. */
const BY_ROOT = /^(apt-get|useradd) /
const RUNS_STEPS = process.env.DOCKERFILE_STEPS === '1'

interface Manifest {
  readonly workspaces?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
}

describe('the image of the server', () => {
  const stage = stageNamed('papertape')

  it('has each package that the server needs, and no other', () => {
    const copied = stepsOf(stage, 'COPY').map(words => words.split(' ').at(-1)!.slice(2))
    const packages = copied.filter(name => !['package.json', 'node_modules', 'web/out'].includes(name))
    assert.deepEqual(packages.sort(), [...packagesOf('server')].sort())
  })

  it('starts, is not healthy before it is ready, and ends with 0', { timeout: 120_000 }, async test => {
    const image = await startImage(test, stage, ROOT)
    assert.equal(await image.health(), 1)
    await image.untilHealthy()
    assert.equal(await image.stop(), 0)
  })

  it('comes out of the steps', {
    skip: !RUNS_STEPS && 'asked for by DOCKERFILE_STEPS=1',
    timeout: 1_800_000,
  }, async test => {
    const folder = mkdtempSync(join(tmpdir(), 'papertape-dockerfile-'))
    test.after(() => rmSync(folder, { recursive: true, force: true }))
    const stages = readDockerfile().filter(({ name }) => ['build', 'papertape'].includes(name))
    for (const one of stages) for (const line of runSteps(one, folder)) test.diagnostic(line)
    const image = await startImage(test, stage, join(folder, 'papertape', 'app'))
    await image.untilHealthy()
    assert.equal(await image.stop(), 0)
  })
})

/** Runs COPY, WORKDIR and RUN of a stage below the folder. @returns a line for each step */
function* runSteps({ name, steps }: DockerStage, folder: string): Iterable<string> {
  const root = join(folder, name)
  let workdir = root
  for (const { instruction, words } of steps) {
    const startMs = performance.now()
    if (instruction === 'WORKDIR') {
      workdir = join(root, words)
      mkdirSync(workdir, { recursive: true })
    } else if (instruction === 'COPY') copy(words, workdir, folder)
    else if (instruction === 'RUN' && BY_ROOT.test(words)) {
      yield `${name}: left out, needs root: ${words}`
      continue
    } else if (instruction === 'RUN') {
      const { status, stdout, stderr } = spawnSync('sh', ['-ec', words], {
        cwd: workdir,
        encoding: 'utf8',
        timeout: STEP_MAX_MS,
      })
      assert.equal(status, 0, `${words}\n${stdout}${stderr}`)
    } else continue
    yield `${name}: ${instruction} ${words}: ${Math.round((performance.now() - startMs) / 100) / 10} s`
  }
}

function copy(words: string, workdir: string, folder: string): void {
  const [, stage, from, to] = /^--from=(\S+) (\S+) (\S+)$/.exec(words) ?? []
  if (stage !== undefined) cpSync(join(folder, stage, from!), join(workdir, to!), { recursive: true })
  else {
    assert.equal(words, '. .')
    // What is in the repository: the ignore file leaves out what is built and stored.
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean)
    for (const file of files) {
      mkdirSync(dirname(join(workdir, file)), { recursive: true })
      cpSync(join(ROOT, file), join(workdir, file))
    }
  }
}

/** A workspace and those that it depends on. */
function packagesOf(name: string, found = new Set<string>()): ReadonlySet<string> {
  found.add(name)
  const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, name, 'package.json'), 'utf8')) as Manifest
  for (const dependency of Object.keys(dependencies)) {
    const [, workspace] = /^@papertape\/(.+)$/.exec(dependency) ?? []
    if (workspace !== undefined && !found.has(workspace)) packagesOf(workspace, found)
  }
  return found
}
