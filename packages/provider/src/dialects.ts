/** The dialects an app can be registered for. */
import type { Dialect, DialectName } from '@civitai-oauth/core/dialect'
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { quaily } from '@civitai-oauth/core/dialects/quaily'

export const dialects: Readonly<Record<DialectName, Dialect>> = { civitai, quaily }
