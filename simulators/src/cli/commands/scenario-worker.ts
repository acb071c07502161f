// A thread that plays one scenario and sends back what was found. For scenarios.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { checkScenario } from '../../analysis/scenarios/check.ts'
import type { ScenarioRunOptions } from '../../analysis/scenarios/scenario-recording.ts'
import type { ScenarioName } from '../../planned-scenario.ts'

export interface ScenarioJob {
  readonly name: ScenarioName
  readonly options: ScenarioRunOptions
}

const { name, options } = workerData as ScenarioJob
parentPort!.postMessage(checkScenario(name, options))
