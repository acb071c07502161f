// The agents of a symbol that a configuration may leave out or make act at another rate, by the names that it uses.
// The values, the consensus and the common return are no participants: a market cannot do without them. Pure data.

/** The name of each agent's random stream in market.ts, which must stay: another name is another market. */
const STREAMS = {
  'near-maker': 'near-maker',
  'deep-maker': 'deep-maker',
  'liquidity-provider': 'patient',
  'noise-trader': 'crowd',
  institutions: 'institutions',
  fundamentalist: 'fundamentalist',
  'momentum-trader': 'chartist',
  'auction-trader': 'auction-trader',
  backstop: 'backstop',
} as const

export type AgentName = keyof typeof STREAMS

export const AGENT_NAMES = Object.keys(STREAMS) as readonly AgentName[]

export interface AgentTerms {
  /** false: it never acts. */
  readonly enabled: boolean
  /** How often it acts, as a multiple of the usual. */
  readonly rate: number
}

export const USUAL_TERMS: AgentTerms = { enabled: true, rate: 1 }

/** Of the agent with this random stream. */
export function agentTerms(
  settings: Partial<Record<AgentName, Partial<AgentTerms>>> | undefined,
  stream: string,
): AgentTerms {
  const name = AGENT_NAMES.find(known => STREAMS[known] === stream)
  return name === undefined ? USUAL_TERMS : { ...USUAL_TERMS, ...settings?.[name] }
}
