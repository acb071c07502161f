// Sends the ticket's order by a key, from wherever it is pressed. Finds the form in the page: a ticket that is not
// shown sends nothing. Called by the hotkeys and by the form's own fields.

import type { Dashboard } from '../dashboard/dashboard.ts'
import { keyRefusal } from '../orders/arming.ts'

export const FORM_ID = 'ticket-form'
export const SUBMIT_ID = 'ticket-submit'

const NO_TICKET = 'The order ticket is not shown.'

/** Sends if the keys are armed; otherwise moves the focus to the button that sends. */
export function sendByKey({ settings, announcements }: Pick<Dashboard, 'settings' | 'announcements'>): void {
  const form = document.getElementById(FORM_ID)
  const refusal = keyRefusal('send', settings.state.get().keysSend)
  if (!(form instanceof HTMLFormElement) || !form.checkVisibility()) announcements.announce(NO_TICKET, 'keys')
  else if (refusal === undefined) form.requestSubmit()
  else {
    document.getElementById(SUBMIT_ID)?.focus()
    announcements.announce(`${refusal} Enter on the button sends.`, 'keys')
  }
}
