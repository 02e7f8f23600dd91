/** Counts and durations of what was answered, in Prometheus' text form. Labels hold routes and statuses, nothing of anybody. */
import type { RouteName } from './http/route.ts'

/** Seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

interface Measured {
  readonly statuses: Map<number, number>
  readonly under: number[]
  sum: number
  count: number
}

export interface Metrics {
  answered(route: RouteName, status: number, seconds: number): void
  /** Events of the protocol, e.g. `token-reused`. */
  happened(event: string): void
  text(): string
}

export const metricsOf = (): Metrics => {
  const routes = new Map<RouteName, Measured>()
  const events = new Map<string, number>()

  const measuredOf = (route: RouteName): Measured => {
    const known = routes.get(route)
    if (known) return known
    const fresh: Measured = { statuses: new Map(), under: buckets.map(() => 0), sum: 0, count: 0 }
    routes.set(route, fresh)
    return fresh
  }

  const family = (name: string, kind: string, help: string, lines: readonly string[]): readonly string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${kind}`,
    ...lines,
  ]

  return {
    answered: (route, status, seconds) => {
      const measured = measuredOf(route)
      measured.statuses.set(status, (measured.statuses.get(status) ?? 0) + 1)
      measured.sum += seconds
      measured.count += 1
      // Each bucket counts alone here; they are added up when they are read.
      const at = buckets.findIndex((bucket) => seconds <= bucket)
      if (at >= 0) measured.under[at] = (measured.under[at] as number) + 1
    },
    happened: (event) => void events.set(event, (events.get(event) ?? 0) + 1),
    text: () => {
      const requests: string[] = []
      const durations: string[] = []
      for (const [route, { statuses, under, sum, count }] of routes) {
        for (const [status, times] of statuses)
          requests.push(`civitai_oauth_requests_total{route="${route}",status="${status}"} ${times}`)
        let below = 0
        buckets.forEach((bucket, at) => {
          below += under[at] as number
          durations.push(`civitai_oauth_request_seconds_bucket{route="${route}",le="${bucket}"} ${below}`)
        })
        durations.push(`civitai_oauth_request_seconds_bucket{route="${route}",le="+Inf"} ${count}`)
        durations.push(`civitai_oauth_request_seconds_sum{route="${route}"} ${sum}`)
        durations.push(`civitai_oauth_request_seconds_count{route="${route}"} ${count}`)
      }
      const happened = [...events].map(([event, times]) => `civitai_oauth_events_total{event="${event}"} ${times}`)
      return [
        ...family('civitai_oauth_requests_total', 'counter', 'Requests answered.', requests),
        ...family('civitai_oauth_request_seconds', 'histogram', 'Time to answer.', durations),
        ...family('civitai_oauth_events_total', 'counter', 'Refusals by their kind.', happened),
        '',
      ].join('\n')
    },
  }
}
