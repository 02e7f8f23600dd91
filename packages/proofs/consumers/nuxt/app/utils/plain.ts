/** What pages use of the module, for compilers that cannot read components, too. */
export const statusNow = (): 'unknown' | 'signed-out' | 'signed-in' | 'expired' => useCivitaiAuth().status.value

export const page = () => {
  definePageMeta({ civitaiAuth: { scopes: ['BuzzRead'] } })
  // @ts-expect-error there is no such permission
  definePageMeta({ civitaiAuth: { scopes: ['NoSuchScope'] } })
  const { session } = useCivitaiAuth()
  return session.value.status === 'signed-in' ? session.value.user.username : undefined
}
