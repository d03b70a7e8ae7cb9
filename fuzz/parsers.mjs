// The parsers that are fuzzed, by name: one file each.
//
// A parser has `prepare()` (once a process: the sound inputs and what else it needs), `make(random, state)` (one case: file names to bytes;
// a string is the target of a symbolic link) and `run(files, state, folder, index)`, which throws what the parser throws and carries accepted inputs further.
// With `onDisk` the files are in `folder`, the current folder, before it runs.

export const PARSERS = [
  'bnm',
  'bnt',
  'checkpoint',
  'onnx',
  'header',
  'yaml',
  'network-json',
  'idx',
  'idx-gz',
  'npy',
  'npz',
  'csv',
  'png',
  'jpeg',
  'folder',
  'wav',
  'tar',
  'records',
  'found-before',
];

export async function loadParser(name) {
  return import(`./parsers/${name}.mjs`);
}

/** The random numbers of one case: every case can be made again alone. */
export function keyOf(parser, seed, index) {
  return [seed, ...Buffer.from(parser), index];
}
