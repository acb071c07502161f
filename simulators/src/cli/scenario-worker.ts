// A thread that plays one scenario and sends back what was found. For scenarios.ts.

import { parentPort, workerData } from 'node:worker_threads'
import type { ScenarioName } from '../scenarios/catalogue.ts'
import { checkScenario } from '../scenarios/check.ts'
import type { SceneOptions } from '../scenarios/scene.ts'

export interface ScenarioJob {
  readonly name: ScenarioName
  readonly options: SceneOptions
}

const { name, options } = workerData as ScenarioJob
parentPort!.postMessage(checkScenario(name, options))
