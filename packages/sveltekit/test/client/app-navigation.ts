/** What SvelteKit offers components through `$app/navigation`, where nothing navigates: as on a server. */
export const onNavigate = (): void => {}
