import { forwardedHeaders } from '@civitai-oauth/client'
import { type NextRequest, NextResponse } from 'next/server'
import { auth } from './app/auth'

// Renews the session before a page is rendered: the browser gets the new cookie, and so does the page.
export const proxy = async (request: NextRequest) => {
  const visit = await auth.open(request)
  if (visit.response) return visit.response
  const headers = new Headers()
  const instead = await visit.commit(headers)
  return instead ?? NextResponse.next({ headers, request: { headers: forwardedHeaders(request, headers) } })
}

export const config = { matcher: '/((?!_next/|oauth/|.*\\..*).*)' }
