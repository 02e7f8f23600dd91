/** On Deno's own server. */
import { createApp } from './app.ts'

/** What is used of Deno, which the types of Node do not know. */
declare const Deno: {
  readonly env: { toObject(): Record<string, string> }
  serve(
    options: { readonly hostname: string; readonly port: number; readonly onListen: () => void },
    handler: (request: Request) => Promise<Response>,
  ): unknown
}

const env = Deno.env.toObject()
const onListen = () => console.log('listening')
Deno.serve({ hostname: '127.0.0.1', port: Number(env['PORT']), onListen }, createApp(env))
