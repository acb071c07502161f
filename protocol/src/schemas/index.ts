// The entry of the package for validation and documents: the TypeBox schemas of everything that is sent.

export * from './feed.ts'
export * from './instruments.ts'
export * from './order-channel.ts'
export * from './orders.ts'
export * from './rest.ts'
