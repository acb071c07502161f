// The Simulator screen's connections: requests, and the stream of a simulation. Its own file, so that the first load of
// the other screens does not carry it. Called once, by SimulatorPage.tsx.

import { Rest } from '@papertape/client'
import type { ScenariosAnswer, SimulationAnswer, SimulationSummary, SimulationsAnswer } from '@papertape/protocol'
import { BASE_PATH } from '../../base-path.ts'
import type { SimulatorPorts } from '../../simulator/simulator.ts'

export function simulatorPorts(): SimulatorPorts {
  const rest = new Rest({ baseUrl: BASE_PATH })
  const pathOf = (id: string) => `/v1/simulations/${encodeURIComponent(id)}`
  return {
    scenarios: () => rest.get<ScenariosAnswer>('/v1/scenarios'),
    list: () => rest.get<SimulationsAnswer>('/v1/simulations'),
    add: request => rest.send<SimulationSummary>('POST', '/v1/simulations', request),
    read: id => rest.get<SimulationAnswer>(pathOf(id)),
    cancel: id => rest.send<SimulationSummary>('DELETE', pathOf(id)),
    follow(id, follower) {
      const source = new EventSource(`${BASE_PATH}${pathOf(id)}/stream`)
      const onEnd = () => {
        source.close()
        follower.onEnd()
      }
      source.onopen = () => follower.onOpen()
      source.onerror = () => follower.onLost(source.readyState === EventSource.CONNECTING)
      source.addEventListener('log', ({ data, lastEventId }) => follower.onLog(lastEventId, JSON.parse(data).text))
      source.addEventListener('progress', ({ data }) => follower.onProgress(JSON.parse(data)))
      for (const end of ['done', 'failed', 'canceled']) source.addEventListener(end, onEnd)
      return () => source.close()
    },
    setTimer(run, delayMs) {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    tapeUrl: id => `${BASE_PATH}${pathOf(id)}/tape`,
  }
}
