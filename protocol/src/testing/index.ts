// The entry of the package for tests: seeded properties, and checks of sent messages against their schemas.

export * from './assert-message.ts'
export * from './seeded-property.ts'
