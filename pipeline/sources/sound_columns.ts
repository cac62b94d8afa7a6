/** Columns that a table gets beside its own, where its cells hold sound: no table calls its own like that. */
export const soundColumns = {
  /** What the sound in a row is called. */
  name: "(name of the sound)",
  /** The row, counted from 0. */
  row: "(row)",
  /** The column that holds the sound. */
  column: "(column of the sound)",
} as const;
