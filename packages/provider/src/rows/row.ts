/** What every engine gives back: values of these kinds only. Flags are 0 or 1, lists and limits are JSON text. */
export type Value = null | number | string | Uint8Array
/** A row as an array, in the order of the columns named. */
export type Row = readonly Value[]
