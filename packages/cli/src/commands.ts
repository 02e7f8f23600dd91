/** Every command, in the order of the overview. A command's code is loaded when it is asked for. */
import type { Options } from './options.ts'
import { appsOptions } from './apps/options.ts'
import { backupOptions } from './backup/options.ts'
import { devOptions } from './dev/options.ts'
import { doctorOptions } from './doctor/options.ts'
import { loginOptions } from './login/options.ts'
import { serveEnvironment, serveOptions } from './serve/options.ts'
import { staffOptions } from './staff/options.ts'

export interface Command {
  readonly summary: string
  readonly options: Options
  /** Variables that count, each with what it does. */
  readonly environment?: Readonly<Record<string, string>>
  readonly run: (args: readonly string[]) => Promise<void>
}

export const commands: Readonly<Record<string, Command>> = {
  dev: {
    summary: 'run the authorization server and its portal on this machine, with sample people and apps',
    options: devOptions,
    run: async (args) => (await import('./dev/dev.ts')).dev(args),
  },
  serve: {
    summary: 'run the authorization server and its portal for real people, behind a proxy that ends TLS',
    options: serveOptions,
    environment: serveEnvironment,
    run: async (args) => (await import('./serve/serve.ts')).serve(args),
  },
  login: {
    summary: 'sign in from a terminal through a browser, and get an access token',
    options: loginOptions,
    run: async (args) => (await import('./login/login.ts')).login(args),
  },
  doctor: {
    summary: "look at an app's settings, and ask the server about them",
    options: doctorOptions,
    run: async (args) => (await import('./doctor/doctor.ts')).doctor(args),
  },
  apps: {
    summary: 'the apps in a data folder: apps [list | create | rotate CLIENT_ID | verify CLIENT_ID]',
    options: appsOptions,
    run: async (args) => (await import('./apps/apps.ts')).apps(args),
  },
  staff: {
    summary: 'who may verify and trust apps: staff [list | add NAME | remove NAME]',
    options: staffOptions,
    run: async (args) => (await import('./staff/staff.ts')).staff(args),
  },
  backup: {
    summary: 'copy the data file of a server that goes on running: backup --to FILE',
    options: backupOptions,
    run: async (args) => (await import('./backup/backup.ts')).backup(args),
  },
  scopes: {
    summary: 'scope names to the number on the wire and back: "scopes UserRead BuzzRead", "scopes 114689"',
    options: {},
    run: async (args) => (await import('./scopes/scopes.ts')).scopes(args),
  },
}
