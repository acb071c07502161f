// Constants of scripted outcomes, for accounts that test bots: fill models, what may fail, and bounds.

/** How the orders of an account fill: in the book, or beside it by a rule. */
export const FILL_MODELS = ['queue', 'optimistic', 'pessimistic'] as const

/** The commands that a profile may refuse by a rate. */
export const FAILING_COMMANDS = ['place', 'replace', 'cancel'] as const
export type FailingCommand = (typeof FAILING_COMMANDS)[number]

export const SCRIPT_LIMITS = {
  piecesMax: 100,
  /** Of any delay. */
  delayMsMax: 60_000,
  failuresMax: 20,
} as const

/** Orders of test accounts and scripted trades are numbered from here: no number of the market shows them. */
export const SCRIPTED_IDS_FROM = 100_000_000_000_000
