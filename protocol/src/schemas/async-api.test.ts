// The AsyncAPI document against its official JSON schema, and against the schemas of all messages.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { CLOSE_CODES } from '../codes/close-codes.ts'
import { ERRORS } from '../codes/errors.ts'
import { ACCOUNT_EVENT_SCHEMAS } from './account-stream.ts'
import { asyncApiDocument } from './async-api.ts'
import { CONTROL_EVENT_SCHEMAS } from './feed/control-events.ts'
import { FEED_EVENT_SCHEMAS } from './feed/events.ts'
import { INBOUND } from './inbound.ts'
import { ANSWERS, OUTBOUND } from './outbound.ts'

const require = createRequire(import.meta.url)
/** As sent: through JSON. */
const documentOf = (options: Parameters<typeof asyncApiDocument>[0]) =>
  JSON.parse(JSON.stringify(asyncApiDocument(options)))
const document = documentOf({ version: '1.2.3', serverUrl: 'https://paper.example/market/' })

/** The official schema contains the metaschema of draft-07. */
function createOfficialValidator() {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, meta: false, validateSchema: false })
  return ajv.compile(require('@asyncapi/specs/schemas/3.0.0.json'))
}

describe('the document', () => {
  test('is valid AsyncAPI 3.0, with and without a server', () => {
    const validate = createOfficialValidator()
    for (const valid of [document, documentOf({ version: '1.2.3' })]) {
      validate(valid)
      assert.deepEqual(validate.errors ?? [], [])
    }
    for (const field of ['info', 'asyncapi']) assert.ok(!validate({ ...document, [field]: undefined }), field)
    assert.ok(
      !validate({ ...document, operations: { x: { action: 'sends', channel: { $ref: '#/channels/socket' } } } }),
    )
  })

  test('has each message of the socket in its direction, and each event of the stream', () => {
    const { socket, stream, accountStream, poll } = document.channels
    const received = Object.keys(INBOUND).map(type => `receive.${type}`)
    const sent = Object.keys(OUTBOUND).map(type => `send.${type}`)
    const events = Object.keys({ ...FEED_EVENT_SCHEMAS, ...CONTROL_EVENT_SCHEMAS }).map(name => `event.${name}`)
    assert.deepEqual(Object.keys(socket.messages), [...received, ...sent])
    assert.deepEqual(Object.keys(stream.messages), events)
    const ofAccount = Object.keys(ACCOUNT_EVENT_SCHEMAS).map(name => `account.${name}`)
    assert.deepEqual(Object.keys(accountStream.messages), ofAccount)
    assert.equal(accountStream.address, '/v1/account/stream')
    assert.deepEqual([socket.address, stream.address, poll.address], ['/v1/socket', '/v1/stream', '/v1/poll'])
    for (const key of received) assert.equal(document.operations[key].action, 'receive')
    assert.deepEqual(Object.keys(ANSWERS), Object.keys(INBOUND))
  })

  test('resolves all of its references', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(match => match[1]!)
    assert.ok(references.length > 100)
    for (const reference of new Set(references)) {
      let at = document
      for (const name of reference.split('/')) at = at?.[name]
      assert.notEqual(at, undefined, reference)
    }
  })

  test('has payloads in JSON Schema 2020-12 that its examples meet', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
    const { messages, schemas } = document.components
    for (const [key, message] of Object.entries(messages)) {
      const { payload, examples = [] } = message as {
        payload: Record<string, unknown>
        examples?: { payload: object }[]
      }
      assert.match(String(payload.schemaFormat), /2020-12/)
      const whole = JSON.stringify({ ...(payload.schema as object), $defs: schemas })
      const validate = ajv.compile(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')))
      assert.ok(examples.length > 0 || key === 'send.event', `${key} has an example`)
      for (const example of examples) {
        validate(example.payload)
        assert.deepEqual(validate.errors ?? [], [], key)
      }
    }
  })

  test('lists close codes and error codes with what a client does next', () => {
    assert.deepEqual(Object.keys(document.channels.socket['x-close-codes']), Object.keys(CLOSE_CODES))
    assert.deepEqual(document['x-error-codes'], ERRORS)
  })

  test('names the server by scheme, host and path', () => {
    assert.deepEqual(document.servers, {
      http: { host: 'paper.example', protocol: 'https', pathname: '/market' },
      webSocket: { host: 'paper.example', protocol: 'wss', pathname: '/market' },
    })
    const { servers } = documentOf({ version: '1', serverUrl: 'http://localhost:8080' })
    assert.deepEqual(servers.webSocket, { host: 'localhost:8080', protocol: 'ws' })
  })
})
