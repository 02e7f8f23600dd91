import type { RequestEvent } from '@sveltejs/kit'

/** The browser's `Cookie` header, which the provider reads its session from. */
export const cookieHeader = (event: RequestEvent): string | null => event.request.headers.get('cookie')
