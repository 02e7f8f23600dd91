// Hands the session to every page, as plain data without tokens.
export const load = ({ locals }) => ({ session: locals.civitai.view })
