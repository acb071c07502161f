// For tests of this and other packages: a manual clock, and a venue on it.

export { ManualClock } from './manual-clock.ts'
export {
  buyAtMarket,
  openTestAccount,
  openTestVenue,
  stateToRestore,
  TEST_EPOCH,
  TEST_WALL_MS,
  type TestVenue,
  type TestVenueSettings,
} from './test-venue.ts'
