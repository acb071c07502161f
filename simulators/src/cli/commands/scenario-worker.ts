// A thread that plays one scenario and sends back what was found. For scenarios.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { checkScenario } from '../../analysis/scenarios/check.ts'
import type { SceneOptions } from '../../analysis/scenarios/scene.ts'
import type { ScenarioName } from '../../planned-scenario.ts'

export interface ScenarioJob {
  readonly name: ScenarioName
  readonly options: SceneOptions
}

const { name, options } = workerData as ScenarioJob
parentPort!.postMessage(checkScenario(name, options))
