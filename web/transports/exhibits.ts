// The exhibits of the Transports screen, in the order in which it lists them. Each is a chunk of its own, loaded when
// it is shown. An exhibit takes no properties; what it opens it closes when it is left.

import type { ComponentType } from 'react'
import { loadPart } from '../ui/load-part.tsx'

export interface Exhibit {
  /** Its entry in the list. */
  readonly title: string
  /** The question that it answers, as its heading. */
  readonly question: string
  /** One or two sentences below the heading. */
  readonly lead: string
  /** What is missing in the demo, where there is no server and no network. */
  readonly inDemo?: string
  readonly Content: ComponentType
}

/** By the fragment of the address that shows it. */
export const EXHIBITS = {
  need: {
    title: 'What do you need?',
    question: 'Which transport, and why',
    lead: 'Answer the questions, or select a panel of this dashboard to see what it answers.',
    Content: loadPart(async () => (await import('./need/NeedExhibit.tsx')).NeedExhibit),
  },
  race: {
    title: 'The race',
    question: 'What does each transport cost, and how late is it?',
    lead: 'The same subscription at the same time over six lanes. Start it, then cut all of them, and see what each missed.',
    inDemo: 'In the demo every lane ends in the page: there is no HTTP/2, and what is measured is not a network.',
    Content: loadPart(async () => (await import('./race/RaceExhibit.tsx')).RaceExhibit),
  },
  connections: {
    title: 'Six connections',
    question: 'Why does the seventh stream wait?',
    lead: 'A browser opens six connections to one host over HTTP/1.1, and a stream keeps one for itself. Over HTTP/2 all share one.',
    inDemo: 'In the demo streams stay in the page and open no connections: none waits.',
    Content: loadPart(async () => (await import('./connections/ConnectionsExhibit.tsx')).ConnectionsExhibit),
  },
  headOfLine: {
    title: 'Head-of-line blocking',
    question: 'What one lost packet holds up',
    lead: `Networks lose packets, and what was sent after a lost one may have to wait for it: on one stream or on all,
      depending on what shares a connection.`,
    Content: loadPart(async () => (await import('./head-of-line/HeadOfLineExhibit.tsx')).HeadOfLineExhibit),
  },
  handshake: {
    title: 'Handshake',
    question: 'How does a WebSocket begin?',
    lead: `As an HTTP request that asks to change the protocol. Send one that is correct, and others that lack one thing,
      and see request and answer as they were on the wire.`,
    inDemo: 'In the demo there is no server that could send a handshake to itself.',
    Content: loadPart(async () => (await import('./handshake/HandshakeExhibit.tsx')).HandshakeExhibit),
  },
  closeCodes: {
    title: 'Close codes',
    question: 'Why did the connection end, and what now?',
    lead: `A WebSocket ends with a code. It says whether a client should come back at once, later or never. Make them
      happen, and see what this page's client does.`,
    Content: loadPart(async () => (await import('./close-codes/CloseCodesExhibit.tsx')).CloseCodesExhibit),
  },
  frames: {
    title: 'Frames',
    question: 'What goes over the wire',
    lead: `The frames of this page's own connections, as they are sent and received. Select one for its whole text, and copy a
      program that does the same.`,
    Content: loadPart(async () => (await import('./frames/FramesExhibit.tsx')).FramesExhibit),
  },
  headers: {
    title: 'Headers',
    question: 'What is sent again and again',
    lead: `Every request has a head: its address and header fields. HTTP/1.1 sends it in full each time; HTTP/2 sends a field once, and
      then its number in a table.`,
    inDemo: 'In the demo there is no server that could say what it received.',
    Content: loadPart(async () => (await import('./headers/HeadersExhibit.tsx')).HeadersExhibit),
  },
  tables: {
    title: 'Tables',
    question: 'The transports compared',
    lead: 'What each can do, what this server does about it, and figures, each with its date.',
    Content: loadPart(async () => (await import('./tables/TablesExhibit.tsx')).TablesExhibit),
  },
  exercises: {
    title: 'Exercises',
    question: 'Try it yourself',
    lead: 'Four exercises on this server. The page marks each step that it has seen happen.',
    Content: loadPart(async () => (await import('./exercises/ExercisesExhibit.tsx')).ExercisesExhibit),
  },
} as const satisfies Record<string, Exhibit>
export type ExhibitName = keyof typeof EXHIBITS
export const EXHIBIT_NAMES = Object.keys(EXHIBITS) as ExhibitName[]
