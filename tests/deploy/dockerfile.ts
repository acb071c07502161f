// deploy/Dockerfile as data: its stages and their steps, of the instructions that it uses. Runs nothing.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface DockerStep {
  readonly instruction: string
  readonly words: string
}

export interface DockerStage {
  readonly name: string
  readonly base: string
  readonly steps: readonly DockerStep[]
}

const INSTRUCTIONS = ['RUN', 'WORKDIR', 'COPY', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'STOPSIGNAL', 'CMD']
const FILE = fileURLToPath(new URL('../../deploy/Dockerfile', import.meta.url))

/** @throws when it has an instruction that nobody here knows */
export function readDockerfile(text = readFileSync(FILE, 'utf8')): DockerStage[] {
  const stages: { name: string; base: string; steps: DockerStep[] }[] = []
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, instruction = '', words = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? []
    if (instruction === 'FROM') {
      const [, base, name] = /^(\S+) AS (\S+)$/.exec(words) ?? assert.fail(`FROM ${words}`)
      stages.push({ name: name!, base: base!, steps: [] })
    } else {
      assert.ok(INSTRUCTIONS.includes(instruction), line)
      stages.at(-1)!.steps.push({ instruction, words })
    }
  }
  return stages
}

export function stageNamed(name: string): DockerStage {
  return readDockerfile().find(stage => stage.name === name) ?? assert.fail(`there is no stage ${name}`)
}

/** The words of each step of an instruction. */
export function stepsOf({ steps }: DockerStage, instruction: string): string[] {
  return steps.filter(step => step.instruction === instruction).map(({ words }) => words)
}

/** Its environment, without PATH. */
export function environmentOf(stage: DockerStage): Record<string, string> {
  const pairs = stepsOf(stage, 'ENV').map(words => words.split('=') as [string, string])
  return Object.fromEntries(pairs.filter(([name]) => name !== 'PATH'))
}

/** What HEALTHCHECK runs by a shell. */
export function healthCommandOf(stage: DockerStage): string {
  return /CMD (.*)$/.exec(stepsOf(stage, 'HEALTHCHECK')[0] ?? '')?.[1] ?? assert.fail(`${stage.name}: no health check`)
}

/** What it starts. */
export function startCommandOf(stage: DockerStage): string[] {
  return JSON.parse(stepsOf(stage, 'CMD')[0] ?? assert.fail(`${stage.name}: no command`))
}
