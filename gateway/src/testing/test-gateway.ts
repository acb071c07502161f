// A gateway on a venue in memory, in the test's own thread, at a time that stands still until the test moves it.

import { Admission } from '@papertape/feed'
import { Accounts } from '../accounts/accounts.ts'
import type { Gateway } from '../open-gateway.ts'
import { openGateway } from '../open-gateway.ts'
import { connectSameThread } from '../same-thread-venue.ts'
import { TestClock, turns } from './test-clock.ts'
import { testSecrets } from './test-secrets.ts'

export const TEST_EPOCH = 'k3f9'
/** A whole minute: a simulated market begins at one. */
const WALL_MS = Date.UTC(2026, 0, 5, 15)
/** So long the market has traded when the gateway opens: each instrument has quotes and trades. */
const TRADED_MS = 2_000
/** The venue makes a batch every few milliseconds, and waits for the gateway when it is some batches ahead. */
const STEP_MS = 20
/** A batch reaches the gateway, is written to the readers and acknowledged. */
const TURNS_PER_STEP = 4

export interface TestGatewaySettings {
  readonly symbols?: number
  readonly streamsMax?: number
  readonly lagMaxMs?: number
  /** Newcomers are refused above it; never for lag when absent. */
  readonly loopLagMaxMs?: number
  readonly eventsKept?: number
  readonly privateKeptMs?: number
  /** None when absent. */
  readonly pastDays?: number
}

export interface TestGateway extends Gateway {
  readonly clock: TestClock
  readonly accounts: Accounts
  /** Lets time pass: the market trades, timers run, and what is published reaches its readers. */
  pass(ms: number): Promise<void>
  /** Settles when every command that was sent so far has been applied and published. */
  settled(): Promise<void>
  close(): Promise<void>
}

export async function openTestGateway(settings: TestGatewaySettings = {}): Promise<TestGateway> {
  const {
    symbols = 2,
    streamsMax = 100,
    lagMaxMs = 30_000,
    loopLagMaxMs = 0,
    eventsKept = 100_000,
    pastDays = 0,
    privateKeptMs,
  } = settings
  const clock = new TestClock(WALL_MS)
  const fail = (error: unknown) => {
    throw error
  }
  const rules = { bands: 'off', collar: 'off', schedule: '' }
  const plan = { kind: 'simulated', seed: 1, symbols, rules, scenarios: [] } as const
  const kept = privateKeptMs === undefined ? {} : { privateKeptMs }
  const gateway = await openGateway({
    connect: connectSameThread({ plan, pace: 1, pastMs: 0, pastDays, eventsKept, ...kept }, clock, TEST_EPOCH),
    eventsKept,
    clock,
    streamsMax,
    lagMaxMs,
    admission: new Admission(loopLagMaxMs),
    onCatchingUp: () => {},
    onOpened: () => {},
    onNotice: () => {},
    onFailure: fail,
    onError: fail,
  })
  const { venue } = gateway
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      clock.pass(Math.min(STEP_MS, ms - passed))
      await turns(TURNS_PER_STEP)
    }
  }
  await pass(TRADED_MS)
  return {
    ...gateway,
    clock,
    accounts: new Accounts(venue, testSecrets(), clock),
    pass,
    async settled() {
      // The venue answers in order, and publishes what is pending before it answers.
      await venue.query('market', {})
    },
    close: () => venue.close(),
  }
}
