// What looking at data gives: a data spec, and in words what was assumed in it. Kinds of data are records that do the looking.
import type { DataSpecInput } from '../data-spec.js';

/** Something that was found out or taken for granted. */
export interface Assumption {
  /** What, as a heading and its value: "class column: species". */
  readonly what: string;
  /** Why, in a few words. */
  readonly because: string;
  /** The flag (with a value) that changes it; empty where nothing does. */
  readonly change: string;
}

export interface Inspection {
  /** What `loadDataset` reads; the path and what the user said are in it. */
  readonly spec: DataSpecInput;
  readonly assumptions: readonly Assumption[];
}

/** Keys of a data spec that the user gave: they are taken as they are, and what depends on them is found out anew. */
export type Overrides = Readonly<Record<string, unknown>>;

/** A path, and what stands there. */
export interface Found {
  readonly path: string;
  readonly isFolder: boolean;
  /** Names in the folder, sorted; of a file none. */
  readonly entries: readonly { readonly name: string; readonly isFolder: boolean }[];
}

/** One kind of data that is recognised by what stands at a path. */
export interface InspectedKind {
  /** What users call it: "a table (.csv, .tsv, .txt)". */
  readonly title: string;
  /** Whether a path holds such data, by names alone. */
  matches(found: Found): boolean;
  /** @throws TrainerError `invalid-data` or `data-not-found`, in one sentence with the remedy. */
  inspect(found: Found, overrides: Overrides): Promise<Inspection>;
}
