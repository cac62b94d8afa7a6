/** What the program's exit code says beside 0, all is done; a script may go on behind 2. */
export const exitCodes = {
  /** It could not be done: one line on stderr says why. */
  failed: 1,
  /** All is written, and something of it stands for recordings that could not be read: `skipped.csv` names them. */
  incomplete: 2,
  /** It was stopped by Ctrl-C. */
  interrupted: 130,
  /** It was stopped by SIGTERM. */
  terminated: 143,
} as const;
