/** What caches that many people share are told of an answer that depends on who asked. */

/** Directives that let a shared cache keep an answer (RFC 9111 section 5.2.2). */
const shared = /^(public|s-maxage\b.*|proxy-revalidate)$/i

/** Content networks read these before `Cache-Control` (RFC 9213, and its forerunners). */
const forNetworks = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'netlify-cdn-cache-control',
  'vercel-cdn-cache-control',
  'surrogate-control',
]

/** The same, for one browser only. What says `private` or `no-store` already stays as it is. */
const privately = (cacheControl: string | null): string => {
  const directives = (cacheControl ?? '').split(',').map((one) => one.trim())
  if (directives.some((one) => /^(private|no-store)$/i.test(one))) return directives.join(', ')
  return ['private', ...directives.filter((one) => one !== '' && !shared.test(one))].join(', ')
}

const varyWithCookie = (headers: Headers) => {
  if (!/(^|,)\s*(cookie|\*)\s*(,|$)/i.test(headers.get('vary') ?? '')) headers.append('vary', 'Cookie')
}

/** For an answer that was made by looking at who asked: whatever the app says of caches, no other person gets it. */
export const keepFromOthers = (headers: Headers, somebody: boolean): void => {
  varyWithCookie(headers)
  if (!somebody) return
  headers.set('cache-control', privately(headers.get('cache-control')))
  for (const name of forNetworks) headers.delete(name)
}
