/**
 * What somebody typed, as it may stand among our words. Embeddings, overrides and isolates of text direction are left
 * out: an unfinished one reaches past the `<bdi>` around it (its end is taken for the end of the isolate) and turns our
 * sentences around. Control characters and separators of lines and paragraphs become a space, for the same reason.
 * Letters of every script, and the marks that stand alone, stay.
 */
export const shownText = (typed: string): string =>
  typed.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '').replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
