// For tests of this and other packages: a venue on a manual clock.

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
