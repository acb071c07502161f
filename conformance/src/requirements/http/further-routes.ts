// Routes that a target may not have yet: past events, simulations.

import { expectEqual, expectMatch, NotOffered } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, requireOffered } from '../../target/answer.ts'

export const FURTHER_ROUTES = chapter('Further routes', [
  requirement('log-page', 'GET /v1/log/:epoch/:from is a page of past events that never changes.', async probe => {
    const { epoch, oldest } = await probe.get('/v1/market')
    const path = `/v1/log/${epoch}/${oldest}`
    const answer = expectStatus(requireOffered(await probe.call(`GET ${path}`)), 200)
    const etag = answer.headers.get('etag')
    expectMatch('ETag', etag, /^(W\/)?"/)
    expectMatch('cache-control', answer.headers.get('cache-control'), /max-age=31536000/)
    const again = await probe.call(`GET ${path}`, { headers: { 'if-none-match': etag! } })
    expectEqual('the status with If-None-Match', again.status, 304)
  }),

  requirement('simulations', 'GET /v1/simulations/:id of an unknown simulation is a 404.', async probe => {
    const answer = await probe.call('GET /v1/simulations/no-such-run')
    const offered = await probe.call('OPTIONS /v1/simulations')
    if (answer.status === 501 || offered.status === 404) throw new NotOffered('there is no /v1/simulations')
    expectProblem(answer, 404)
  }),
])
