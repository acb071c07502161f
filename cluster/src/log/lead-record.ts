// The record in the log that says who leads from there on: a venue writes the log after its own lead record, until
// there is one of another venue. Data only.

export interface LeadRecord {
  /** One more than that of the lead record before; 1 for the first. */
  readonly term: number
  /** Of the venue that leads. */
  readonly venueId: string
  /** Of the market's positions; the same in every lead record of a log. */
  readonly epoch: string
}

export function encodeLead(record: LeadRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record))
}

export function decodeLead(data: Uint8Array): LeadRecord {
  return JSON.parse(new TextDecoder().decode(data)) as LeadRecord
}
