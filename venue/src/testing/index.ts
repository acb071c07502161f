// For tests of this and other packages: a clock that the test moves.

export { ManualClock } from './manual-clock.ts'
