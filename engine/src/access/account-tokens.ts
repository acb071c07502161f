// The tokens of one account: what is kept of each, and the row of a checkpoint. Holds hashes only, never a token. Part
// of an Account; changed by commands/token-commands.ts.

import type { TokenState } from '@papertape/protocol'

const US_PER_MS = 1_000
const US_PER_MINUTE = 60_000_000
const FIRST = { tokenId: 'first', name: 'first' }

export interface AccountToken {
  readonly tokenId: string
  readonly hash: string
  readonly name: string
  readonly readOnly: boolean
  /** Wall clock, microseconds since 1970; null for the one token of an account of an older journal. */
  readonly createdUs: number | null
  readonly expiresUs: number | null
  /** The beginning of the minute in which it was last used. */
  usedUs: number | null
}

export type TokenRow = readonly [
  tokenId: string,
  hash: string,
  name: string,
  readOnly: boolean,
  createdUs: number | null,
  expiresUs: number | null,
  usedUs: number | null,
]

/** The token that an account is opened with. @param tokenId absent in older journals. */
export function firstToken(hash: string, tokenId: string | undefined, nowUs: number): AccountToken {
  const token = { ...FIRST, hash, readOnly: false, createdUs: null, expiresUs: null, usedUs: null }
  return tokenId === undefined ? token : { ...token, tokenId, createdUs: nowUs }
}

export class AccountTokens {
  readonly #tokens = new Map<string, AccountToken>()

  constructor(tokens: readonly AccountToken[]) {
    for (const token of tokens) this.#tokens.set(token.tokenId, token)
  }

  get size(): number {
    return this.#tokens.size
  }

  all(): AccountToken[] {
    return [...this.#tokens.values()]
  }

  get(tokenId: string): AccountToken | undefined {
    return this.#tokens.get(tokenId)
  }

  add(token: AccountToken): void {
    this.#tokens.set(token.tokenId, token)
  }

  delete(tokenId: string): void {
    this.#tokens.delete(tokenId)
  }

  /** undefined while the account has the one token alone that older journals know by its hash. */
  rows(): readonly TokenRow[] | undefined {
    const tokens = this.all()
    const [first] = tokens
    if (tokens.length === 1 && first!.createdUs === null && first!.usedUs === null) return undefined
    return tokens.map(({ tokenId, hash, name, readOnly, createdUs, expiresUs, usedUs }) => [
      tokenId,
      hash,
      name,
      readOnly,
      createdUs,
      expiresUs,
      usedUs,
    ])
  }
}

export function tokensFromRows(rows: readonly TokenRow[] | undefined, hash: string): readonly AccountToken[] {
  if (rows === undefined) return [firstToken(hash, undefined, 0)]
  return rows.map(([tokenId, hash, name, readOnly, createdUs, expiresUs, usedUs]) => ({
    tokenId,
    hash,
    name,
    readOnly,
    createdUs,
    expiresUs,
    usedUs,
  }))
}

/** To the minute, so that the use of a token changes the state at most once a minute. */
export function minuteOf(us: number): number {
  return us - (us % US_PER_MINUTE)
}

export function tokenState({ tokenId, name, readOnly, createdUs, expiresUs, usedUs }: AccountToken): TokenState {
  return {
    id: tokenId,
    name,
    readOnly,
    createdAt: toMs(createdUs),
    expiresAt: toMs(expiresUs),
    lastUsedAt: toMs(usedUs),
  }
}

function toMs(us: number | null): number | null {
  return us === null ? null : Math.floor(us / US_PER_MS)
}
