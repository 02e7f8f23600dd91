/** What a component knows of the page it stands on, unless it is told. */
import { page } from '$app/state'
import type { BrowserSession } from '@civitai-oauth/client/browser'

/** `data.session`, where a layout hands on `locals.civitai.view` under that name. */
export const sessionOfPage = (): BrowserSession | undefined => {
  const { session } = page.data as { readonly session?: Partial<BrowserSession> }
  return typeof session?.status === 'string' ? (session as BrowserSession) : undefined
}

/** The page's path; a page that is the same for everyone has no query that its HTML could know. */
export const pathOfPage = (withQuery: boolean): string => page.url.pathname + (withQuery ? page.url.search : '')
