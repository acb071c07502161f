// What holds for every route: errors as problems, HEAD, 404, 405, 415, unknown parameters.

import { expectEqual, expectMatch, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem } from '../../target/answer.ts'

const READS = ['/v1/instruments', '/v1/quotes', '/v1/poll', '/v1/market', '/v1/transport']

export const HTTP_RULES = chapter('Everywhere', [
  requirement('http-problem', 'An error is problem+json with code, title, a detail, and docs.', async probe => {
    const problem = expectProblem(await probe.call('GET /v1/nothing-here'), 404)
    expectTrue(problem.detail.length > 10, 'a detail that says what to do', problem.detail)
    expectTrue(problem.docs.includes(problem.code), 'docs of the code', problem.docs)
  }),

  requirement('http-missing', 'What is not there is a 404 whichever the method.', async probe => {
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
      expectProblem(await probe.call(`${method} /v1/nothing-here`), 404)
    }
  }),

  requirement('http-method', 'A wrong method is a 405 with `Allow`.', async probe => {
    for (const [route, allowed] of [
      ['DELETE /v1/instruments', /\bGET\b/],
      ['PATCH /v1/stream', /\bGET\b/],
      ['DELETE /v1/accounts', /\bPOST\b/],
      ['PUT /v1/orders', /\bPOST\b/],
    ] as const) {
      const answer = await probe.call(route)
      expectProblem(answer, 405)
      expectMatch(`Allow of ${route}`, answer.headers.get('allow'), allowed)
    }
  }),

  requirement('http-head', 'HEAD is where GET is, with the same status and type, without a body.', async probe => {
    for (const path of READS) {
      const [get, head] = await Promise.all([probe.call(`GET ${path}`), probe.call(`HEAD ${path}`)])
      expectEqual(`the status of HEAD ${path}`, head.status, get.status)
      expectEqual(`the type of HEAD ${path}`, head.headers.get('content-type'), get.headers.get('content-type'))
      expectEqual(`the body of HEAD ${path}`, head.text, '')
    }
  }),

  requirement('http-media-type', 'A body without a media type or of a wrong one is a 415.', async probe => {
    for (const type of ['text/plain', 'application/xml']) {
      const sent = { body: '{}', headers: { 'content-type': type } }
      expectProblem(await probe.call('POST /v1/accounts', sent), 415)
    }
  }),

  requirement('http-bad-json', 'A body that is not JSON is a 400.', async probe => {
    expectProblem(await probe.call('POST /v1/accounts', { body: '{"cash":' }), 400, 'bad-json')
  }),

  requirement('http-unknown-field', 'A body with an unknown field is a 400.', async probe => {
    expectProblem(await probe.call('POST /v1/accounts', { body: { owner: 'me' } }), 400)
  }),

  requirement('http-unknown-parameter', 'An unknown parameter is a 400 that names the nearest one.', async probe => {
    const { symbol } = (await probe.get('/v1/instruments'))[0]
    for (const [path, nearest] of [
      [`/v1/instruments/${symbol}/trades?limt=5`, 'limit'],
      [`/v1/instruments/${symbol}/book?dept=5`, 'depth'],
      [`/v1/instruments/${symbol}/candles?intervall=1m`, 'interval'],
      ['/v1/quotes?symbol=X', 'symbols'],
    ]) {
      const { detail } = expectProblem(await probe.call(`GET ${path}`), 400)
      expectTrue(detail.includes(nearest!), `a detail that names ${nearest}`, detail)
    }
  }),

  requirement('http-bad-parameter', 'A value out of range is a 400, not a guess.', async probe => {
    const { symbol } = (await probe.get('/v1/instruments'))[0]
    for (const query of ['trades?limit=0', 'trades?limit=many', 'book?depth=-1', 'candles?from=yesterday']) {
      expectProblem(await probe.call(`GET /v1/instruments/${symbol}/${query}`), 400)
    }
  }),
])
