// The page /docs/messages: each message of the AsyncAPI document, by channel and direction, with its fields and an
// example.

import type { JsonSchema } from '@papertape/protocol/schemas'
import { type Content, code, element, heading, link, paragraph } from './html.ts'
import { describeExamples, describeSchemas } from './routes-page.ts'
import { describeSchema } from './schema-html.ts'

interface DocumentedMessage {
  readonly name: string
  readonly summary?: string
  readonly payload: { readonly schema: JsonSchema }
  readonly examples?: readonly { readonly payload: object }[]
}
interface Reference {
  readonly $ref: string
}
interface DocumentedChannel {
  readonly address: string
  readonly title: string
  readonly description: string
}
interface ChannelOperation {
  readonly action: 'receive' | 'send'
  readonly channel: Reference
  readonly messages: readonly Reference[]
  readonly reply?: { readonly messages: readonly Reference[] }
}

const keyOf = ({ $ref }: Reference): string => $ref.split('/').at(-1)!

export function messagesPage(asyncApi: JsonSchema): Content {
  const { description } = asyncApi.info as { description: string }
  const { messages, schemas } = asyncApi.components as {
    messages: Record<string, DocumentedMessage>
    schemas: Record<string, JsonSchema>
  }
  const operations = Object.values(asyncApi.operations as Record<string, ChannelOperation>)
  const describe = (key: string, reply: readonly Reference[] = []): Content => {
    const message = messages[key]!
    const schema = resolve(message.payload.schema, schemas)
    return [
      heading(3, code(message.name), key),
      paragraph(message.summary ?? ''),
      reply.length === 0
        ? []
        : element('p', [
            'Answer: ',
            reply.map((answer, index) => [
              index === 0 ? '' : ', ',
              link(`#${keyOf(answer)}`, messages[keyOf(answer)]!.name),
            ]),
          ]),
      describeSchema(schema),
      describeExamples({ examples: message.examples?.map(({ payload }) => payload) ?? [] }),
    ]
  }
  const of = (channel: string, action: ChannelOperation['action']) =>
    operations.filter(operation => keyOf(operation.channel) === channel && operation.action === action)
  const channels = Object.entries(asyncApi.channels as Record<string, DocumentedChannel>)
  return [
    paragraph(description),
    element('p', [
      'A name with a question mark is optional. ',
      link('/docs/errors', 'Errors'),
      ' has the error codes and close codes.',
    ]),
    channels.map(([name, { address, title, description: about }]) => {
      const [requests, sent] = [of(name, 'receive'), of(name, 'send')]
      return [
        heading(2, [`${title}: `, code(address)]),
        paragraph(about),
        requests.length === 0 ? [] : paragraph('Messages of the client:'),
        requests.map(({ messages: keys, reply }) => keys.map(key => describe(keyOf(key), reply?.messages))),
        requests.length === 0 ? [] : paragraph('Messages of the server:'),
        sent.map(({ messages: keys }) => keys.map(key => describe(keyOf(key)))),
      ]
    }),
    heading(2, 'Schemas'),
    describeSchemas(schemas),
  ]
}

/** A payload may be a reference to a named schema. */
function resolve(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return typeof schema.$ref === 'string' ? schemas[keyOf({ $ref: schema.$ref })]! : schema
}
