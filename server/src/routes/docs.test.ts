// The reference under /docs: complete, offline, linked; each app in a process has its own.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CLOSE_CODES, ERRORS, REJECTS } from '@papertape/protocol'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

const PAGES = ['/docs', '/docs/routes', '/docs/messages', '/docs/errors']
const CODES = new Set([...Object.keys(ERRORS), ...Object.keys(REJECTS), ...Object.keys(CLOSE_CODES)])

let server: TestApp
const html = new Map<string, string>()
before(async () => {
  server = await openTestApp()
  for (const path of PAGES) html.set(path, (await ask(server, `GET ${path}`)).text)
})
after(() => server.close())

const anchorsOf = (text: string) => [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)
const linksOf = (text: string) => [...text.matchAll(/ href="([^"]*)"/g)].map(([, href]) => href!)

describe('the pages', () => {
  test('have no script and load nothing from elsewhere', async () => {
    for (const [path, text] of html) {
      assert.doesNotMatch(text, /<script|<img|<iframe|src=|url\(|https?:\/\//, path)
      const { headers } = await ask(server, `GET ${path}`)
      assert.equal(headers['content-type'], 'text/html; charset=utf-8')
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'self';/)
    }
  })

  test('link to pages, documents and anchors that exist', async () => {
    let followed = 0
    for (const [path, text] of html) {
      for (const link of new Set(linksOf(text))) {
        // The dashboard, which this app does not serve.
        if (link === '/') continue
        const [target = '', anchor] = link.split('#')
        const page = target === '' ? path : target
        if (anchor === undefined) assert.equal((await ask(server, `GET ${page}`)).status, 200, link)
        else assert.ok(anchorsOf(html.get(page)!).includes(anchor), `${path} links to ${link}`)
        followed++
      }
    }
    assert.ok(followed > 100)
  })

  test('have each anchor once, and well-formed tables', () => {
    for (const [path, text] of html) {
      const anchors = anchorsOf(text)
      assert.equal(new Set(anchors).size, anchors.length, path)
      for (const name of ['table', 'tr', 'td', 'code', 'p', 'h3']) {
        const opened = text.match(new RegExp(`<${name}[ >]`, 'g'))?.length
        assert.equal(text.match(new RegExp(`</${name}>`, 'g'))?.length, opened, `${path} ${name}`)
      }
    }
  })

  test('list each code with its anchor', () => {
    const anchors = new Set(anchorsOf(html.get('/docs/errors')!))
    assert.deepEqual(
      [...CODES].filter(code => !anchors.has(code)),
      [],
    )
  })

  test('list each route and each message', async () => {
    const openApi = (await ask(server, 'GET /docs/openapi.json')).body
    for (const [path, operations] of Object.entries<object>(openApi.paths)) {
      for (const [method, { operationId }] of Object.entries<{ operationId: string }>(operations as never)) {
        assert.ok(html.get('/docs/routes')!.includes(`${method.toUpperCase()} ${path}<`), `${method} ${path}`)
        assert.ok(html.get('/docs')!.includes(`"/docs/routes#${operationId}"`), operationId)
      }
    }
    const asyncApi = (await ask(server, 'GET /docs/asyncapi.json')).body
    const anchors = anchorsOf(html.get('/docs/messages')!)
    const missing = Object.keys(asyncApi.components.messages).filter(key => !anchors.includes(key))
    assert.deepEqual(missing, [])
    assert.ok(anchors.length > 40)
  })
})

test('the AsyncAPI document names the server that was asked', async () => {
  const { body, headers } = await ask(server, 'GET /docs/asyncapi.json', { headers: { host: 'localhost:81' } })
  assert.equal(body.asyncapi, '3.0.0')
  assert.deepEqual(body.servers.http, { host: 'localhost:81', protocol: 'http' })
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
})

test('a second app in the process has all anchors, and its links lead below its base path', async () => {
  const other = await openTestApp({ access: { basePath: '/tape' } })
  const text = (await ask(other, 'GET /docs/errors')).text
  assert.deepEqual(anchorsOf(text), anchorsOf(html.get('/docs/errors')!))
  assert.ok(anchorsOf(text).length >= CODES.size)
  assert.ok(linksOf(text).length > 3 && linksOf(text).every(href => href.startsWith('/tape/')))
  const document = (await ask(other, 'GET /docs/openapi.json')).body
  assert.deepEqual(document.servers, [{ url: '/tape' }])
  await other.close()
})
