// Unguessable names, and the hash that stands for a token in the journal. The server makes both with node:crypto.

export interface Secrets {
  random(bytes: number, encoding: 'hex' | 'base64url'): string
  /** The same for the same token; must not reveal the token. */
  hash(token: string): string
}
