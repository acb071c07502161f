// For tests of this package and of the server: a gateway on a venue in the test's thread, and its clock.

export { TestClock, turns } from './test-clock.ts'
export { openTestGateway, TEST_EPOCH, type TestGateway, type TestGatewaySettings } from './test-gateway.ts'
export { testSecrets } from './test-secrets.ts'
