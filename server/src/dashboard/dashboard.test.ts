// The dashboard's policy: inline scripts by their hash and nothing else inline; and each page served with its own.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from 'node:zlib'
import { ManualClock } from '@papertape/venue'
import Fastify from 'fastify'
import { routeTarget } from '../http/request-target.ts'
import { keepRouteTable, optionsRoute } from '../plugins/allowed-methods.ts'
import { answerMissing, problems } from '../plugins/problems.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { dashboard, isBuilt, notFoundPage } from './dashboard.ts'
import { BASE_PATH_PLACEHOLDER, loadSite } from './static-site.ts'

const hash = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`
const scriptsOf = (html: string) =>
  /script-src ([^;]*)/
    .exec(contentSecurityPolicy(html)([]))![1]!
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
    const policy = contentSecurityPolicy('<script>a</script>')([])
    const lossLab = 'http://127.0.0.1:* https://127.0.0.1:*'
    assert.doesNotMatch(policy.replace(lossLab, ''), /unsafe|\*|http:/)
    const connections = `connect-src 'self' ${lossLab}`
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", connections]) {
      assert.ok(policy.split('; ').includes(part), part)
    }
  })
})

describe('the dashboard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-dashboard-'))
  after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, '_next', 'static'), { recursive: true })
  mkdirSync(join(folder, 'lab'))
  const base = BASE_PATH_PLACEHOLDER
  writeFileSync(
    join(folder, 'index.html'),
    `<script>home("${base}/lab/")</script><script src="${base}/_next/static/a.js">`,
  )
  writeFileSync(join(folder, 'lab', 'index.html'), '<script>lab()</script>')
  writeFileSync(join(folder, '404.html'), '<p>lost</p>')
  writeFileSync(
    join(folder, '_next', 'static', 'a.js'),
    `const at = "${base}"; ${'go() // again and again\n'.repeat(200)}`,
  )
  writeFileSync(join(folder, 'icon.ico'), Buffer.from(Array.from({ length: 2_000 }, (_, i) => i % 251)))

  async function open(basePath = '', from = folder) {
    const app = Fastify({ rewriteUrl: request => routeTarget(request.url ?? '/', basePath) })
    app.decorate('basePath', basePath)
    keepRouteTable(app)
    const assets = isBuilt(from) ? loadSite(from, basePath) : []
    problems(app, new ManualClock(0))
    answerMissing(app, notFoundPage(assets))
    optionsRoute(app)
    dashboard(app, { assets, originsOf: host => [`https://${host}:8443`] })
    await app.ready()
    return app
  }
  async function get(url: string, headers: Record<string, string> = {}, basePath = '') {
    const app = await open(basePath)
    const answer = await app.inject({ url, headers })
    await app.close()
    return answer
  }

  test('is served page by page, each under its own policy', async () => {
    for (const [url, own, other] of [
      ['/', 'home("/lab/")', 'lab()'],
      ['/index.html', 'home("/lab/")', 'lab()'],
      ['/lab/', 'lab()', 'home("/lab/")'],
    ] as const) {
      const { statusCode, headers } = await get(url)
      assert.equal(statusCode, 200, url)
      const policy = String(headers['content-security-policy'])
      assert.ok(policy.includes(hash(own)) && !policy.includes(hash(other)), url)
      assert.match(policy, /; connect-src 'self' https:\/\/localhost:80:8443 /)
      assert.equal(headers['cache-control'], 'no-cache')
      assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    }
  })

  test('lets what is named after its content be kept for good', async () => {
    const { headers } = await get('/_next/static/a.js')
    assert.match(String(headers['cache-control']), /immutable/)
  })

  test('is compressed for those who take it, and says that it depends on them', async () => {
    const plain = (await get('/_next/static/a.js')).rawPayload
    for (const [accepted, encoding, unpack] of [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0.2, GZIP', 'gzip', gunzipSync],
      ['*', 'br', brotliDecompressSync],
      ['', undefined, undefined],
      ['identity', undefined, undefined],
      ['gzip;q=0, br;q=0', undefined, undefined],
      ['zstd', undefined, undefined],
    ] as const) {
      const { headers, rawPayload } = await get('/_next/static/a.js', { 'accept-encoding': accepted })
      assert.equal(headers['content-encoding'], encoding, accepted)
      assert.equal(headers.vary, 'Accept-Encoding')
      assert.equal(Number(headers['content-length']), rawPayload.length)
      assert.deepEqual(unpack === undefined ? rawPayload : unpack(rawPayload), plain)
      if (encoding !== undefined) assert.ok(rawPayload.length < plain.length / 4)
    }
    const icon = await get('/icon.ico', { 'accept-encoding': 'gzip, br' })
    assert.deepEqual([icon.headers['content-encoding'], icon.headers['content-type']], [undefined, 'image/x-icon'])
  })

  test('has the form that the build has compressed at the root path, and is compressed anew at another', async () => {
    const built = mkdtempSync(join(tmpdir(), 'papertape-dashboard-'))
    const page = `<script src="${base}/a.js"></script>${'<p>again</p>'.repeat(100)}`
    writeFileSync(join(built, 'index.html'), page)
    const best = brotliCompressSync(page.replace(base, ''), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
    writeFileSync(join(built, 'index.html.br'), best)
    for (const basePath of ['', '/tape']) {
      const app = await open(basePath, built)
      const { rawPayload } = await app.inject({ url: `${basePath}/`, headers: { 'accept-encoding': 'br' } })
      assert.equal(rawPayload.equals(best), basePath === '')
      assert.equal(brotliDecompressSync(rawPayload).toString(), page.replace(base, basePath))
      assert.equal((await app.inject({ url: `${basePath}/index.html.br` })).statusCode, 404)
      await app.close()
    }
    rmSync(built, { recursive: true })
  })

  test('is not sent again to those who have it in the same encoding', async () => {
    const tags = new Set<string>()
    for (const accepted of ['', 'gzip', 'br']) {
      const asked = { 'accept-encoding': accepted }
      const etag = String((await get('/_next/static/a.js', asked)).headers.etag)
      tags.add(etag)
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await get('/_next/static/a.js', { ...asked, 'if-none-match': known })
        assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag], known)
        assert.match(String(again.headers['cache-control']), /immutable/)
      }
      assert.equal((await get('/_next/static/a.js', { ...asked, 'if-none-match': '"x"' })).statusCode, 200)
    }
    assert.equal(tags.size, 3)
  })

  test('is sent in parts to those who ask for one', async () => {
    const whole = (await get('/icon.ico')).rawPayload
    for (const [range, first, last] of [
      ['bytes=0-9', 0, 9],
      ['bytes=1990-', 1_990, 1_999],
      ['bytes=-5', 1_995, 1_999],
      ['bytes=1990-9999', 1_990, 1_999],
    ] as const) {
      const part = await get('/icon.ico', { range })
      assert.deepEqual([part.statusCode, part.headers['content-range']], [206, `bytes ${first}-${last}/2000`])
      assert.deepEqual(part.rawPayload, whole.subarray(first, last + 1))
    }
    for (const range of ['bytes=0-1,5-6', 'lines=0-1', 'bytes=', 'bytes=9-1', 'bytes=a-b']) {
      assert.equal((await get('/icon.ico', { range })).statusCode, 200, range)
    }
    assert.equal((await get('/icon.ico', { range: 'bytes=0-1', 'if-range': '"other"' })).statusCode, 200)
    const none = await get('/icon.ico', { range: 'bytes=5000-' })
    assert.deepEqual([none.statusCode, none.headers['content-range']], [416, 'bytes */2000'])
  })

  test('HEAD has what GET has', async () => {
    const app = await open()
    const asked = { url: '/_next/static/a.js', headers: { 'accept-encoding': 'br' } }
    const [head, whole] = [await app.inject({ ...asked, method: 'HEAD' }), await app.inject(asked)]
    assert.deepEqual([head.statusCode, head.body], [200, ''])
    for (const name of ['etag', 'content-length', 'content-encoding', 'vary', 'content-type']) {
      assert.equal(head.headers[name], whole.headers[name], name)
    }
    const known = await app.inject({
      ...asked,
      method: 'HEAD',
      headers: { ...asked.headers, 'if-none-match': whole.headers.etag },
    })
    const { vary, 'content-length': length } = known.headers
    assert.deepEqual([known.statusCode, vary, length], [304, whole.headers.vary, undefined])
    await app.close()
  })

  test('finds its pages without the slash at their end, and keeps the query', async () => {
    const { statusCode, headers } = await get('/lab?panel=tape&x=1')
    assert.deepEqual([statusCode, headers.location], [308, '/lab/?panel=tape&x=1'])
    for (const url of ['//evil.example', '//evil.example/', '/lab/nothing', '/index.html/x']) {
      assert.equal((await get(url)).statusCode, 404, url)
    }
  })

  test('answers what it does not have, and paths out of it, with a problem', async () => {
    for (const url of ['/nothing', '/../package.json', '/%2e%2e/package.json', '/_next/', '/lab/%2e%2e/%2e%2e/x']) {
      const { statusCode, headers } = await get(url)
      assert.equal(statusCode, 404, url)
      assert.match(String(headers['content-type']), /problem\+json/)
    }
    const person = await get('/nothing', { accept: 'text/html' })
    assert.deepEqual([person.statusCode, person.body], [404, '<p>lost</p>'])
  })

  test('that is not built says so', async () => {
    const app = await open('', join(folder, 'nowhere'))
    const answer = await app.inject('/')
    assert.equal(answer.statusCode, 404)
    assert.match(answer.json().detail, /not built/)
    await app.close()
  })

  test('is there under a base path, whether the proxy strips it or not', async () => {
    for (const url of ['/', '/tape/', '/tape/index.html']) {
      const { statusCode, body, headers } = await get(url, {}, '/tape')
      assert.equal(statusCode, 200, url)
      assert.match(body, /home\("\/tape\/lab\/"\).*src="\/tape\/_next\/static\/a\.js"/)
      assert.ok(String(headers['content-security-policy']).includes(hash('home("/tape/lab/")')))
    }
    assert.match((await get('/tape/_next/static/a.js', {}, '/tape')).body, /const at = "\/tape"/)
    assert.match((await get('/_next/static/a.js')).body, /const at = ""/)
    for (const [url, location] of [
      ['/tape', '/tape/'],
      ['/tape?x=1', '/tape/?x=1'],
      ['/tape/lab?x=1', '/tape/lab/?x=1'],
      ['/lab', '/tape/lab/'],
    ] as const) {
      const { statusCode, headers } = await get(url, {}, '/tape')
      assert.deepEqual([statusCode, headers.location], [308, location])
    }
    for (const url of ['/tapeworm', '/tapes/', '/other/'])
      assert.equal((await get(url, {}, '/tape')).statusCode, 404, url)
    assert.match((await get('/tape/nothing', {}, '/tape')).json().docs, /^\/tape\/docs\/errors#/)
  })
})
