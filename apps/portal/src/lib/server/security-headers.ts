/** Headers that every answer of the portal carries. The content policy itself is SvelteKit's, with its nonces. */

const always: Readonly<Record<string, string>> = {
  // Pages speak about one person; also a page without a session must not outlive a sign-in.
  'cache-control': 'no-store',
  // `same-origin` rather than `no-referrer`: with the latter browsers send `Origin: null` with forms.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
}

/**
 * Pages whose forms end at an app: after Authorize, or after a sign-in that a remembered consent answers, the browser is
 * redirected to the app, and from there wherever the app likes. Chromium applies `form-action` to every hop.
 */
const leadsToApps = new Set(['/login', '/oauth/consent'])

export const harden = (headers: Headers, routeId: string | null): void => {
  for (const [name, value] of Object.entries(always)) headers.set(name, value)
  const policy = headers.get('content-security-policy')
  if (policy && routeId && leadsToApps.has(routeId))
    headers.set('content-security-policy', policy.replace(/;? ?form-action [^;]*/, ''))
}
