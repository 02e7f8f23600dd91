/** `/oauth/code`: shows the code and the state, to be copied into a terminal. */
import * as Effect from 'effect/Effect'
import { html } from '../http/answer.ts'
import type { Outgoing } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import { codePage, page } from '../http/page.ts'
import type { Refusal } from '../http/refusal.ts'

/** As this server makes them. */
const codeForm = /^code_[\w-]{43}$/

/** What a program takes for a state: printed, without spaces, and short. Anybody can put a sentence into an address. */
const shownState = (state: string): string => (/^[\x21-\x7e]{1,128}$/.test(state) ? state : '')

export const showCode = Effect.fnUntraced(function* (_: unknown, query: string): Effect.fn.Return<Outgoing, Refusal> {
  const form = yield* parseForm(query)
  const code = form.get('code')
  if (code !== undefined && codeForm.test(code)) return html(200, codePage(code, shownState(form.get('state') ?? '')))
  return form.get('error') === undefined
    ? html(400, page('There is no code here', ['Go back to your terminal and start again.']))
    : html(200, page('You were not signed in', ['You said no, and nothing was shared. Go back to your terminal.']))
})
