// What gateways and the leader send each other about sessions. Data only.

/** From a gateway; answered with LogonAnswer, or by nothing where it is an end. */
export type SessionRequest =
  | {
      readonly type: 'open'
      readonly gateway: string
      readonly accountId: string
      readonly sessionId: string
      /** Of a logon that an earlier leader knew. */
      readonly number?: number
      /** Counts the logons that the gateway asks for; each is asked for until it is answered. */
      readonly request?: number
    }
  /** Nobody waits for this logon any more, and its number is not known. */
  | { readonly type: 'abandon'; readonly gateway: string; readonly request: number }
  | { readonly type: 'close'; readonly number: number }

export type LogonAnswer =
  | { readonly type: 'opened'; readonly number: number }
  | { readonly type: 'tooMany' }
  /** Of a logon that an earlier leader knew: there is a later one. */
  | { readonly type: 'takenOver' }

/** To the gateway of a session. */
export interface SessionTakenOver {
  readonly number: number
}
