// The part of the package's API that reads and checks configurations, exported as `./configuration`: it loads a schema
// library, which a page does not need.

export { checkConfiguration, parseConfiguration } from './check-configuration.ts'
export { ConfigurationError } from './configuration-error.ts'
export type { GivenConfiguration } from './configuration-schema.ts'
export { liveMarketOf, symbolsOf } from './whole-configuration.ts'
