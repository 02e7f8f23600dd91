import { notFound } from 'next/navigation'
import { auth } from '../../auth'

export const GET = (request: Request) => auth.handle(request, notFound)
export const POST = GET
