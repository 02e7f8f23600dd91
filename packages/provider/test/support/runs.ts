/** How often a property is tried over a whole provider: `VERIFY=1` is the full count. */
export const runs = process.env['VERIFY'] === '1' ? 2_000 : 50
