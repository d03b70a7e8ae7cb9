// What is read of files that may come from anybody: more is refused before memory is taken for it.

/** Of one line of records.jsonl: ten thousand epochs of a network of a hundred layers take less. */
export const MAX_RECORD_BYTES = 2 ** 26;
/** Runs of one study, and records of one folder. */
export const MAX_RUNS = 1_000_000;
/** Of a folder's own description. */
export const MAX_FOLDER_BYTES = 4096;
/** Of one line of prices or scores. */
export const MAX_KEPT_BYTES = 4096;
