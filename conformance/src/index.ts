// The entry of the package: what a test needs to run the suite against a target of its own.

export { REQUIREMENTS } from './requirements/all.ts'
export type { Requirement } from './suite/requirement.ts'
export { type RequirementResult, type RequirementVerdict, runSuite, type SuiteOptions } from './suite/suite.ts'
export type { RawConnection, Target } from './target/target.ts'
export { connectTcp } from './target/tcp.ts'
