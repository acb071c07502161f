// The dashboard's policy: inline scripts by their hash and nothing else inline; and each page served with its own.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import Fastify from 'fastify'
import { contentSecurityPolicy, dashboard } from './dashboard.ts'
import { problems } from './problems.ts'
import { keepRouteTable } from './routes.ts'

const hash = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`
const scriptsOf = (html: string) =>
  /script-src ([^;]*)/
    .exec(contentSecurityPolicy(html))![1]!
    .split(' ')
    .filter(source => source !== "'self'")

describe('the policy', () => {
  const CASES: readonly [name: string, html: string, scripts: readonly string[]][] = [
    ['no script', '<p>script</p>', []],
    ['an inline script', '<script>let a = 1</script>', ['let a = 1']],
    ['one with attributes', '<script id="x" type="module">go()</script>', ['go()']],
    ['a script from a file', '<script src="/a.js"></script>', []],
    ['a script from a file, its src last', '<script async defer\n src="/a.js"></script>', []],
    ['an attribute that ends like src', '<script data-src="/a.js">go()</script>', ['go()']],
    [
      'several, and one twice',
      '<script>a</script><script src="/b"></script><script>c</script><script>a</script>',
      ['a', 'c'],
    ],
    ['one of several lines', '<script>\n  a\n  < b\n</script>', ['\n  a\n  < b\n']],
    ['one beside a file on the same line', '<script src="/a.js" async></script><script>go()</script>', ['go()']],
    ['one with letters beyond ASCII', '<script>"é💹"</script>', ['"é💹"']],
  ]
  for (const [name, html, scripts] of CASES) {
    test(`of ${name}`, () => assert.deepEqual(scriptsOf(html), scripts.map(hash)))
  }

  test('never lets anything inline or evaluated run unhashed, and frames nothing', () => {
    const policy = contentSecurityPolicy('<script>a</script>')
    assert.doesNotMatch(policy, /unsafe|\*|http:/)
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "connect-src 'self'"]) {
      assert.ok(policy.split('; ').includes(part), part)
    }
  })
})

describe('the dashboard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-dashboard-'))
  after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, '_next', 'static'), { recursive: true })
  mkdirSync(join(folder, 'lab'))
  writeFileSync(join(folder, 'index.html'), '<script>home()</script>')
  writeFileSync(join(folder, 'lab', 'index.html'), '<script>lab()</script>')
  writeFileSync(join(folder, '_next', 'static', 'a.js'), 'go()')

  async function get(url: string, from = folder) {
    const app = Fastify()
    app.decorate('basePath', '')
    keepRouteTable(app)
    problems(app, undefined)
    await dashboard(app, { folder: from })
    const answer = await app.inject(url)
    await app.close()
    return answer
  }

  test('is served page by page, each under its own policy', async () => {
    for (const [url, own, other] of [
      ['/', 'home()', 'lab()'],
      ['/lab/', 'lab()', 'home()'],
    ] as const) {
      const { statusCode, headers } = await get(url)
      assert.equal(statusCode, 200, url)
      const policy = String(headers['content-security-policy'])
      assert.ok(policy.includes(hash(own)) && !policy.includes(hash(other)), url)
      assert.equal(headers['cache-control'], 'no-cache')
    }
  })

  test('lets what is named after its content be kept for good', async () => {
    const { headers } = await get('/_next/static/a.js')
    assert.match(String(headers['cache-control']), /immutable/)
  })

  test('answers what it does not have, and paths out of it, with a problem', async () => {
    for (const url of ['/nothing', '/../package.json', '/%2e%2e/package.json', '/_next/']) {
      const { statusCode, headers } = await get(url)
      assert.equal(statusCode, 404, url)
      assert.match(String(headers['content-type']), /problem\+json/)
    }
  })

  test('that is not built says so', async () => {
    const answer = await get('/', join(folder, 'nowhere'))
    assert.equal(answer.statusCode, 404)
    assert.match(answer.json().detail, /not built/)
  })
})
