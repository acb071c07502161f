// The contract's chapter "Who may": what pages of other origins may do, tokens, cookies, the operator.

import { expectEqual, expectMatch, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json } from '../../target/answer.ts'

const FOREIGN = 'https://elsewhere.example'
const PUBLIC_READS = ['/v1/instruments', '/v1/quotes', '/v1/poll', '/v1/transport']
const PRIVATE_READS = ['/v1/account', '/v1/orders', '/v1/fills', '/v1/positions', '/v1/account/ledger']
const ALLOW_ORIGIN = 'access-control-allow-origin'

export const ACCESS = chapter('Who may', [
  requirement('cors-public', 'Public reads answer any origin, without credentials.', async probe => {
    for (const path of PUBLIC_READS) {
      const { status, headers } = await probe.call(`GET ${path}`, { headers: { origin: FOREIGN } })
      expectEqual(`the status of ${path} for a foreign page`, status, 200)
      expectEqual(`${ALLOW_ORIGIN} of ${path}`, headers.get(ALLOW_ORIGIN), '*')
      expectEqual('credentials', headers.get('access-control-allow-credentials'), null)
    }
    const { headers } = await probe.call('HEAD /v1/stream', { headers: { origin: FOREIGN } })
    expectEqual(`${ALLOW_ORIGIN} of /v1/stream`, headers.get(ALLOW_ORIGIN), '*')
  }),

  requirement('cors-preflight', 'The preflight of a public read allows last-event-id.', async probe => {
    for (const path of ['/v1/stream', '/v1/poll']) {
      const asked = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'last-event-id' }
      const { status, headers } = await probe.call(`OPTIONS ${path}`, { headers: { origin: FOREIGN, ...asked } })
      expectTrue(status === 204 || status === 200, `a preflight of ${path} that succeeds`, status)
      expectMatch('the allowed headers', headers.get('access-control-allow-headers'), /\blast-event-id\b/i)
      expectEqual(`${ALLOW_ORIGIN} of the preflight`, headers.get(ALLOW_ORIGIN), '*')
    }
  }),

  requirement('cors-private', 'All else is refused to pages of other origins, with 403.', async probe => {
    const { token } = await probe.account()
    for (const path of PRIVATE_READS) {
      const answer = await probe.call(`GET ${path}`, { token, headers: { origin: FOREIGN } })
      expectProblem(answer, 403, 'foreign-origin')
      expectEqual(`${ALLOW_ORIGIN} of ${path}`, answer.headers.get(ALLOW_ORIGIN), null)
    }
  }),

  requirement('cors-look-alike', 'So it is to opaque and look-alike origins.', async probe => {
    const { token } = await probe.account()
    const { hostname } = new URL(probe.target.url)
    for (const origin of ['null', `http://${hostname}.elsewhere.example`, `http://${hostname}:1`]) {
      expectProblem(await probe.call('GET /v1/account', { token, headers: { origin } }), 403, 'foreign-origin')
    }
  }),

  requirement('cors-no-order', 'A foreign page can neither open an account nor place an order.', async probe => {
    const { token } = await probe.account()
    const headers = { origin: FOREIGN }
    for (const route of ['POST /v1/accounts', 'POST /v1/orders']) {
      expectProblem(await probe.call(route, { token, headers, body: {} }), 403, 'foreign-origin')
      const path = route.split(' ')[1]
      const asked = { ...headers, 'access-control-request-method': 'POST' }
      const preflight = await probe.call(`OPTIONS ${path}`, { headers: asked })
      expectEqual(`${ALLOW_ORIGIN} of the preflight of ${route}`, preflight.headers.get(ALLOW_ORIGIN), null)
    }
  }),

  requirement('auth-none', 'Private routes without a token are a 401 with WWW-Authenticate.', async probe => {
    for (const path of PRIVATE_READS) {
      const answer = await probe.call(`GET ${path}`)
      expectProblem(answer, 401, 'not-logged-on')
      expectMatch(`WWW-Authenticate of ${path}`, answer.headers.get('www-authenticate'), /^Bearer/)
    }
  }),

  requirement('auth-wrong', 'A token of nobody is a 401, too.', async probe => {
    const answer = await probe.call('GET /v1/account', { token: 'pt_of-nobody' })
    expectProblem(answer, 401, 'bad-token')
    expectMatch('WWW-Authenticate', answer.headers.get('www-authenticate'), /^Bearer/)
  }),

  requirement('private-no-store', 'No cache keeps a private answer.', async probe => {
    const { token } = await probe.account()
    for (const path of PRIVATE_READS) {
      const { headers } = expectStatus(await probe.call(`GET ${path}`, { token }), 200)
      expectMatch(`cache-control of ${path}`, headers.get('cache-control'), /no-store/)
    }
  }),

  requirement(
    'cookie-page',
    'A same-origin page that opens an account gets an HttpOnly cookie for it.',
    async probe => {
      const headers = { origin: new URL(probe.target.url).origin, 'sec-fetch-site': 'same-origin' }
      const opened = expectStatus(await probe.callWithinRate('POST /v1/accounts', { body: {}, headers }), 201)
      const [cookie = ''] = opened.headers.getSetCookie()
      expectMatch('the cookie', cookie, /; *HttpOnly/i)
      expectMatch('the cookie', cookie, /; *SameSite=Strict/i)
      const sent = { ...headers, cookie: cookie.split(';')[0]! }
      const { body } = expectStatus(await probe.call('GET /v1/account', { headers: sent }), 200)
      expectEqual('the account of the cookie', body.accountId, opened.body.accountId)
    },
  ),

  requirement(
    'cookie-accounts',
    'A browser holds several accounts, one of them active; its page switches, starts anew and forgets.',
    async probe => {
      const page = { origin: new URL(probe.target.url).origin, 'sec-fetch-site': 'same-origin' }
      let cookie = ''
      const send = async (route: string, status: number, body?: object) => {
        const headers = cookie === '' ? page : { ...page, cookie }
        const answer = expectStatus(await probe.callWithinRate(route, { headers, ...(body && { body }) }), status)
        cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
        return answer.body
      }
      const expectHeld = (what: string, session: Json, active: string, held: readonly string[]) =>
        expectEqual(what, session, { ...session, accountId: active, accounts: held.map(accountId => ({ accountId })) })

      const { accountId: first } = await send('POST /v1/accounts', 201, {})
      const { accountId: second } = await send('POST /v1/accounts', 201, {})
      expectHeld('the session after a second account', await send('GET /v1/session', 200), second, [first, second])
      const switched = await send('POST /v1/session', 200, { accountId: first })
      expectHeld('the session after a switch', switched, first, [first, second])
      expectEqual('the account of the cookie', (await send('GET /v1/account', 200)).accountId, first)
      const reset = await send(`POST /v1/session/accounts/${first}/reset`, 200, { cash: 500 })
      expectTrue(reset.accountId !== first, 'another account after a reset', reset)
      expectHeld('the session after a reset', reset, reset.accountId, [reset.accountId, second])
      expectEqual('the cash after a reset', (await send('GET /v1/account', 200)).balance.cash, 500)
      const left = await send(`DELETE /v1/session/accounts/${reset.accountId}`, 200)
      expectHeld('the session after one is forgotten', left, second, [second])
      const sent = { headers: { ...page, cookie }, body: { accountId: first } }
      expectProblem(await probe.call('POST /v1/session', sent), 404, 'unknown-account')
    },
  ),

  requirement('cookie-program', 'A program gets no cookie.', async probe => {
    const { headers } = expectStatus(await probe.callWithinRate('POST /v1/accounts', { body: {} }), 201)
    expectEqual('the cookies', headers.getSetCookie(), [])
  }),

  requirement('operator-only', "The operator's routes take the operator token and nothing else.", async probe => {
    const { token } = await probe.account()
    const origin = new URL(probe.target.url).origin
    for (const sent of [
      {},
      { token },
      { token: 'op_guess' },
      { headers: { origin, 'sec-fetch-site': 'same-origin' } },
    ]) {
      const { status, body } = await probe.call('PATCH /v1/market', { body: {}, ...sent })
      expectTrue(status === 401 || status === 403, 'a refusal', { status, body })
    }
  }),
])
