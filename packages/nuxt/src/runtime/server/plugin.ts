/** Commits the session before headers leave, whether a page, a stream or an error is sent. */
import { isAuthError } from '@civitai-oauth/client'
import { type App, sendWebResponse } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'
import { civitaiAuth } from './auth.ts'
import opening from './middleware.ts'
import { requestOf } from './request.ts'
import { commit } from './visits.ts'

/** A server that lacks a setting says so when it starts, and does not look as if it had started. */
const check = () => {
  try {
    civitaiAuth()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    if (!import.meta.dev) globalThis.process?.exit(1)
  }
}

/** Nitro runs an app's own middleware before a module's. Ours goes first, so that theirs finds the session. */
const goFirst = ({ stack }: App) => {
  const at = stack.findIndex(({ handler }) => handler === opening)
  // Before it stays what Nitro does for `routeRules`.
  if (at > 1) stack.splice(1, 0, ...stack.splice(at, 1))
}

export default defineNitroPlugin(({ hooks, h3App }) => {
  if (import.meta.prerender) return
  goFirst(h3App)
  // After the app's own plugins, which may set options, and before the first request.
  queueMicrotask(check)
  hooks.hook('beforeResponse', async (event, answer) => {
    const instead = await commit(event)
    if (instead !== undefined) answer.body = instead
  })
  // Nitro's hook for errors is not waited for; this is.
  const { onError } = h3App.options
  h3App.options.onError = async (error, event) => {
    const instead = await commit(event)
    const answer = instead ?? (isAuthError(error.cause) && civitaiAuth().answer(error.cause, requestOf(event)))
    return answer ? sendWebResponse(event, answer) : onError?.(error, event)
  }
})
