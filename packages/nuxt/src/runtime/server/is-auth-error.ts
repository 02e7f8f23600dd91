/** Tells our errors from others, and by `_tag` from each other: `SpendRefused`, `ServerUnavailable`, …; auto-imported in `server/`. */
export { isAuthError } from '@civitai-oauth/client'
