// How much is read at most: sizes, depths and counts, here because a file must not decide how much memory and time it takes.
// docs/limits.md lists them; a test compares it with these constants.

/** Bytes of a model, network or checkpoint file. No model for a microcontroller comes near it. */
export const MAX_FILE_BYTES = 256 * 2 ** 20;

/** Layers of a network: several times the deepest networks that are published. */
export const MAX_LAYERS = 1000;
/** Nodes of an integer network: a layer becomes up to three (weights, norm, requantization). */
export const MAX_NODES = 4 * MAX_LAYERS;
/** Activations of a whole network may have up to this many elements: far above any microcontroller, far below a machine's memory. */
export const MAX_ACTIVATIONS = 2 ** 24;
/** Weights of a whole network, likewise. */
export const MAX_WEIGHTS = 2 ** 24;
/** Labels of a network: more than any layer has outputs. */
export const MAX_LABELS = 65_535;
export const MAX_LABEL_LENGTH = 200;
/** Sections of a container: two or three for each node. */
export const MAX_SECTIONS = 100_000;

/** What a JSON or YAML document may be; checked before it is parsed. */
export interface DocumentLimits {
  readonly bytes: number;
  /** Objects and arrays inside each other. */
  readonly depth: number;
  /** Keys of objects and entries of arrays, all together. */
  readonly entries: number;
}

/** Nothing that this project reads nests deeper than nine. */
const MAX_DEPTH = 32;

/** A configuration is a page of text; the longest of this project has 2 kB, one that holds a network of a hundred layers 30 kB. */
export const CONFIG_LIMITS: DocumentLimits = { bytes: 2 ** 18, depth: MAX_DEPTH, entries: 20_000 };

/** A network of MAX_LAYERS layers with every key written out, indented, has 0.6 MB and 40 000 entries. */
export const SPEC_LIMITS: DocumentLimits = { bytes: 2 ** 22, depth: MAX_DEPTH, entries: 200_000 };

/** The directory of a `.bnm`, `.bnt` or `.bnc` file. A checkpoint keeps the metrics of every epoch: 100 000 epochs of a network of three layers fit. */
export const CONTAINER_LIMITS: DocumentLimits = { bytes: 2 ** 26, depth: MAX_DEPTH, entries: 2 ** 21 };

/** Problems that a message names; the rest is counted. */
export const MAX_SHOWN_ISSUES = 20;
