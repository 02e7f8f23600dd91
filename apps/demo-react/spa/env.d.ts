interface ImportMetaEnv {
  readonly VITE_CIVITAI_CLIENT_ID: string
  readonly VITE_CIVITAI_ISSUER?: string
}
