import { createCivitaiAuth } from '@civitai-oauth/client'

const auth = createCivitaiAuth({ scopes: ['UserRead'] })

// #node
import { createServer } from 'node:http'
import { nodeListener } from '@civitai-oauth/client/node'

const page = nodeListener((request) => auth.handle(request, ({ status }) => new Response(`You are ${status}.`)))
createServer(page).listen(3000, () => console.log('http://localhost:3000'))
// #end
