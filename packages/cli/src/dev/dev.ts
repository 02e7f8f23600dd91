/** `civitai-oauth dev`: provider, portal and control API in one process, for one machine. */
import { performance } from 'node:perf_hooks'
import { resolve } from 'node:path'
import { type Emulator, startEmulator } from '@civitai-oauth/provider/emulator'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { dataFile } from '../data.ts'
import { Failure } from '../failure.ts'
import { openBrowser } from '../open-browser.ts'
import { parse, parsePort } from '../options.ts'
import { loadPortal } from '../portal.ts'
import { readSeed } from '../seed-file.ts'
import { readSamples, writeSamples } from '../samples-file.ts'
import { stopOnSignal } from '../stop.ts'
import { devOptions } from './options.ts'
import { jsonLine, table } from './report.ts'

export const dev = async (args: readonly string[]): Promise<void> => {
  const options = parse('dev', devOptions, args)
  if (options.memory && options.data !== undefined)
    throw new Failure('--memory keeps nothing and --data names where to keep it: give one of them.')
  const port = parsePort(options.port ?? '4100')
  const folder = options.memory ? undefined : resolve(options.data ?? '.civitai')

  const emulator: Emulator = await startEmulator({
    port,
    storage: folder === undefined ? sqlite({ memory: true }) : sqlite({ file: dataFile(folder) }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.seed === undefined ? {} : { seed: await readSeed(options.seed) }),
    limits: options.limits ? 'on' : 'off',
    pages: await loadPortal(),
    ...(folder === undefined ? {} : { samples: await readSamples(folder) }),
  })
  stopOnSignal(() => emulator.close())
  if (folder !== undefined) await writeSamples(folder, emulator.samples())

  // performance.now() counts from the start of the process.
  console.log(options.json ? jsonLine(emulator) : table(emulator, folder, performance.now()))
  if (options.open) openBrowser(emulator.issuer)
}
