/**
 * The domain of Civitai's and Quaily's OAuth. A module is a noun: `Scope.union`, `Preset.presetOf`,
 * `RedirectUri.parse`. Each is also an entry of its own: `@civitai-oauth/core/scope`.
 */
export * as Scope from './scope.ts'
export * as ScopeLabel from './scope-label.ts'
export * as Preset from './preset.ts'
export * as PermissionGrid from './permission-grid.ts'
export * as RedirectUri from './redirect-uri.ts'
export * as AppRegistration from './app-registration.ts'
export * as ClientSecret from './client-secret.ts'
export * as BuzzLimit from './buzz-limit.ts'
export * as Pkce from './pkce.ts'
export * as SignIn from './sign-in.ts'
export * as Session from './session.ts'
export * as Consent from './consent.ts'
export type { Dialect, DialectName, ScopeCodec } from './dialect.ts'
export { civitai } from './dialects/civitai.ts'
export { quaily } from './dialects/quaily.ts'
export * as Runner from './runner.ts'
export type { ClientErrorTag, ProviderErrorTag } from './errors.ts'
