// Faults of scripted outcomes: a directive that has no effect, or an effect that is not marked.

import type { Fault, Loose } from './fault.ts'

const withoutDirective: NonNullable<Fault['command']> = (command: Loose) => {
  if (command.type !== 'order.place') return undefined
  delete command.testDirective
  return [command]
}

export const SCRIPT_FAULTS: readonly Fault[] = [
  {
    name: 'directives in any account',
    breaks: ['script-access'],
    request: request => {
      if (request.method === 'POST' && request.path.endsWith('/accounts')) request.body = { testing: true }
    },
  },
  {
    name: 'directives without effect',
    breaks: ['script-reject', 'script-lost-ack'],
    command: withoutDirective,
  },
  {
    name: 'scripted fills that are not marked',
    breaks: ['script-fill'],
    message: message => {
      if (message.type === 'execution') delete message.testDirective
      return undefined
    },
  },
  {
    name: 'a late fill in the place of the cancel',
    breaks: ['script-late-fill'],
    message: message => {
      if (message.execType === 'canceled') message.orderStatus = 'filled'
      return undefined
    },
  },
  {
    name: 'a profile that is not shown',
    breaks: ['script-profile'],
    answer: answer => {
      if (answer.path.endsWith('/account')) delete answer.body?.testProfile
    },
  },
]
