/** A path of the app as the browser knows it: below `app.baseURL`, as everything in Nuxt. */
export const within = (baseURL: string, path = '/oauth'): string => baseURL.replace(/\/+$/, '') + path
