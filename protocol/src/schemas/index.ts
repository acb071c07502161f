// The entry of the package for validation and documents: the TypeBox schemas of everything that is sent.

export * from './account.ts'
export * from './async-api.ts'
export * from './control-events.ts'
export * from './feed.ts'
export { Side } from './fields.ts'
export * from './inbound.ts'
export * from './instruments.ts'
export * from './json-schema.ts'
export * from './orders.ts'
export * from './outbound.ts'
export * from './problem.ts'
export * from './rest.ts'
