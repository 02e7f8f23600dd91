/** On workerd, without its compatibility with Node: nothing but what the web's standards give. */
import { createApp } from './app.ts'

let app: ((request: Request) => Promise<Response>) | undefined

export default {
  fetch: (request: Request, env: Readonly<Record<string, string>>) => (app ??= createApp(env))(request),
}
