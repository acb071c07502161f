// A worker thread that checks one scenario. For scenarios.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { checkScenario } from '../../analysis/scenarios/check.ts'
import type { ScenarioRunOptions } from '../../analysis/scenarios/scenario-recording.ts'

export interface ScenarioJob {
  readonly name: string
  readonly options: ScenarioRunOptions
}

const { name, options } = workerData as ScenarioJob
parentPort!.postMessage(checkScenario(name, options))
