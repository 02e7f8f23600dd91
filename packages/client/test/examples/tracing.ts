// #tracing
import { createCivitaiAuth } from '@civitai-oauth/client'
import { trace } from '@opentelemetry/api'

const auth = createCivitaiAuth({ scopes: ['UserRead'], tracer: trace.getTracer('my-app') })
// #end

export { auth }
