import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Workspace, importFaults, manifestFaults, sourcesOf, workspacesOf } from '../src/arrows.ts'

import { root } from '../src/repository.ts'

const workspaces = workspacesOf(root)

describe('the arrows of the map', () => {
  it('sees every package and app', () => {
    expect(workspaces.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['core', 'client', 'provider', 'sveltekit', 'testing', 'cli', 'portal', 'demo-sveltekit']),
    )
  })

  it.each(workspaces)('hold in the package.json of $name', (workspace) => {
    expect(manifestFaults(workspace)).toEqual([])
  })

  it.each(workspaces)('hold in the source of $name', (workspace) => {
    const faults = sourcesOf(workspace).flatMap((file) => importFaults(workspace, file, readFileSync(file, 'utf8')))
    expect(faults).toEqual([])
  })
})

describe('a wrong arrow', () => {
  const client: Workspace = {
    name: 'client',
    folder: join(root, 'packages', 'client'),
    kind: 'package',
    manifest: { name: '@civitai-oauth/client', dependencies: { '@civitai-oauth/core': 'workspace:*', effect: '4' } },
  }
  const at = join(client.folder, 'src', 'deep', 'file.ts')

  it.each([
    ["import { createProvider } from '@civitai-oauth/provider'", 'client/src/deep/file.ts imports provider'],
    ["export * from '@civitai-oauth/testing'", 'client/src/deep/file.ts imports testing'],
    ["const portal = await import('@civitai-oauth/portal')", 'client/src/deep/file.ts imports portal'],
    ["import type { A } from '../../../core/src/a.ts'", 'client/src/deep/file.ts reaches outside its folder'],
    ["import { Effect } from 'effect'", 'client/src/deep/file.ts imports the barrel effect'],
    ["import * as jose from 'jose'", 'client/src/deep/file.ts imports jose, which its package.json does not name'],
  ])('is found: %s', (line, fault) => {
    expect(importFaults(client, at, line)).toEqual([expect.stringContaining(fault)])
  })

  it('is found for a library that only the tests of a package use', () => {
    const manifest = { name: '@civitai-oauth/provider', devDependencies: { oauth4webapi: '3' } }
    const provider: Workspace = { ...client, name: 'provider', manifest }
    expect(importFaults(provider, at, "import 'oauth4webapi'")).toHaveLength(1)
    expect(
      importFaults({ ...client, manifest: { ...client.manifest, ...manifest } }, at, "import 'oauth4webapi'"),
    ).toEqual([])
  })

  it('is found in a package.json', () => {
    const manifest = { ...client.manifest, peerDependencies: { '@civitai-oauth/provider': '*' } }
    expect(manifestFaults({ ...client, manifest })).toEqual(['client depends on provider'])
  })

  it('is found in the script of a component', () => {
    const text = `<script lang="ts">\n  import { a } from '@civitai-oauth/testing'\n</script>\n<p>import x from 'y'</p>`
    expect(importFaults(client, join(client.folder, 'src', 'Page.svelte'), text)).toEqual([
      'client/src/Page.svelte imports testing',
    ])
  })

  it('is not seen where there is none', () => {
    const lines = ["import * as Effect from 'effect/Effect'", "import { a } from '../b.ts'", "import 'node:fs'"]
    expect(importFaults(client, at, lines.join('\n'))).toEqual([])
  })
})
