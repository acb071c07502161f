// The reference under /docs: the OpenAPI and AsyncAPI documents, and pages made from them and from protocol's tables of
// codes. Everything is served by this process; nothing is loaded from elsewhere.

import { TAGS } from '@papertape/gateway'
import { asyncApiDocument } from '@papertape/protocol/schemas'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errorsPage } from '../docs/errors-page.ts'
import { type Content, page, STYLE } from '../docs/html.ts'
import { indexPage } from '../docs/index-page.ts'
import { messagesPage } from '../docs/messages-page.ts'
import { openApiDocument } from '../docs/openapi.ts'
import { mediaAnswer } from '../docs/route-schema.ts'
import { routesPage } from '../docs/routes-page.ts'
import { SERVICE_VERSION } from '../docs/service-version.ts'

const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const tags = [TAGS.documents]

export function docsRoutes(app: FastifyInstance): void {
  const asyncApi = asyncApiDocument({ version: SERVICE_VERSION })
  const addPage = (path: string, operationId: string, title: string, content: () => Content) => {
    const schema = {
      operationId,
      summary: `${title}, as a page`,
      tags,
      response: { 200: mediaAnswer('text/html', title) },
    }
    // The OpenAPI document is complete when all routes are there.
    let html: string | undefined
    app.get(path, { schema }, async (_request, reply) => {
      html ??= page(title, content(), path, app.basePath)
      return reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(html)
    })
  }
  addPage('/docs', 'getReference', 'Reference', () => indexPage(openApiDocument(app)))
  addPage('/docs/routes', 'getRoutesPage', 'Routes', () => routesPage(openApiDocument(app)))
  addPage('/docs/messages', 'getMessagesPage', 'Messages', () => messagesPage(asyncApi))
  addPage('/docs/errors', 'getErrorsPage', 'Errors, rejects and close codes', errorsPage)

  const addJson = (path: string, operationId: string, title: string, build: (request: FastifyRequest) => object) => {
    const schema = { operationId, summary: title, tags, response: { 200: mediaAnswer('application/json', title) } }
    app.get(path, { schema }, async (request, reply) =>
      reply.type('application/json; charset=utf-8').send(JSON.stringify(build(request))),
    )
  }
  addJson('/docs/openapi.json', 'getOpenApi', 'The routes as OpenAPI 3.1', () => openApiDocument(app))
  addJson('/docs/asyncapi.json', 'getAsyncApi', 'The messages as AsyncAPI 3.0', request => {
    // HTTP/1.0 names no host.
    if (request.host === '') return asyncApi
    const serverUrl = `${request.protocol}://${request.host}${app.basePath}`
    return asyncApiDocument({ version: SERVICE_VERSION, serverUrl })
  })

  const style = {
    operationId: 'getReferenceStyle',
    summary: 'The style sheet of the pages',
    tags,
    response: { 200: mediaAnswer('text/css', 'The style sheet') },
  }
  app.get('/docs/style.css', { schema: style }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STYLE),
  )
}
