/**
 * The test command: `npx -y pnpm@12 test`, and at full counts `pnpm verify`. Finds what the tests need, builds,
 * type-checks (type tests, `test/**\/*.test-d.ts`, are compiled there), lints, runs every package's tests, and ends with
 * one line: `N passed, N failed`. At full counts it also holds packages to the coverage their configuration asks for, and
 * prints the figures of the benchmarks.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { root } from './repository.ts'
import { needsOf, provide } from './needs.ts'
import { type Outcome, check, run } from './step.ts'
import { type VitestReport, countsOf } from './vitest-report.ts'

const full = process.argv.includes('--full')
const bin = join(root, 'node_modules', '.bin')

const env: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NUXT_TELEMETRY_DISABLED: '1',
  ...(full ? { VERIFY: '1' } : {}),
}

const needed = (): Outcome => {
  const from = performance.now()
  const found = needsOf(root).map(provide)
  const missing = found.filter((one) => one._tag === 'Missing')
  for (const one of found) if (one._tag === 'Found' && one.installed) console.log(`     installed ${one.name}`)
  return {
    name: 'programs',
    passed: found.length - missing.length,
    failed: missing.length,
    seconds: (performance.now() - from) / 1000,
    output: missing.map((one) => `${one.name} is missing. ${one.mend}`).join('\n'),
  }
}

const readReport = (file: string): VitestReport | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  } catch {
    return undefined
  }
}

const tests = async (): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-tests-'))
  const file = join(folder, 'report.json')
  try {
    const config = ['--config', '.config/vitest.config.ts']
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    // No test is a stopwatch: on a loaded machine it may take its time, and only one that hangs is stopped.
    const patience = ['--testTimeout=120000', '--hookTimeout=120000']
    // A file a core: most of them wait for a browser or a server.
    const workers = `--maxWorkers=${Math.min(4, Math.max(2, availableParallelism()))}`
    const ran = await run(join(bin, 'vitest'), ['run', ...config, ...patience, workers, ...reporters], root, env)
    const { passed, failed } = countsOf(readReport(file), ran.code)
    return { name: 'tests', passed, failed, seconds: ran.seconds, output: ran.output }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const command = (name: string, program: string, ...args: string[]): Promise<Outcome> =>
  check(name, join(bin, program), args, root, env)

/** As many at a time as there are cores: a dozen compilers at once only wait for each other, and for memory. */
const turbo = (name: string, task: string): Promise<Outcome> =>
  command(name, 'turbo', 'run', task, '--output-logs=errors-only', '--concurrency=100%')

/** Where a package's own tests leave too many lines or branches out, this fails. Everyday counts show that as well. */
const coverage = (name: string) => (): Promise<Outcome> =>
  check(`coverage ${name}`, 'npm', ['run', '--silent', 'coverage'], join(root, 'packages', name), {
    ...env,
    VERIFY: '0',
  })

/** Benchmarks print their figures beside their budgets. A busy machine is no failure; one that cannot run is. */
const figures = async (file: string, ...conditions: readonly string[]): Promise<Outcome> => {
  const outcome = await check(`figures ${file.split('/')[1]}`, process.execPath, [...conditions, file], root, env)
  if (outcome.failed === 0) console.log(outcome.output.trimEnd())
  return outcome
}

const steps: readonly (() => Outcome | Promise<Outcome>)[] = [
  needed,
  () => turbo('build', 'build'),
  () => turbo('types', 'typecheck'),
  () => command('lint', 'oxlint', '--deny-warnings'),
  () => command('format', 'oxfmt', '--check'),
  tests,
  ...(full
    ? [
        coverage('core'),
        coverage('client'),
        () => figures('packages/client/bench/session-cookie.ts', '--conditions=@civitai-oauth/source'),
        () => figures('packages/proofs/bench/import.ts'),
      ]
    : []),
]

const started = performance.now()
const outcomes: Outcome[] = []
for (const step of steps) {
  const outcome = await step()
  outcomes.push(outcome)
  if (outcome.failed > 0) console.log(`${outcome.output.trimEnd()}\n`)
  const mark = outcome.failed > 0 ? 'FAIL' : 'ok  '
  const counts = outcome.name === 'tests' ? `${outcome.passed} passed, ${outcome.failed} failed` : ''
  console.log(`${mark} ${outcome.name.padEnd(16)}${outcome.seconds.toFixed(1).padStart(7)} s  ${counts}`.trimEnd())
}

const sum = (key: 'passed' | 'failed'): number => outcomes.reduce((total, one) => total + one[key], 0)
console.log(`     ${'all'.padEnd(16)}${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') === 0 ? 0 : 1
