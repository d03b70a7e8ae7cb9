// The part of a masked weight matrix that is left: rows and columns with a weight that is not masked. Clipping scalars are found for it, as they
// would be for the smaller network that it is.

/** A matrix without the rows and columns that a mask takes away altogether. */
export interface LiveWeights {
  readonly weights: Float32Array;
  /** Numbers of the rows that are left. */
  readonly rows: Uint32Array;
}

/** @param mask zeros and ones for weights of `outputs` rows; null: none is masked */
export function liveWeights(weights: Float32Array, mask: Float32Array | null, outputs: number): LiveWeights {
  const all = Uint32Array.from({ length: outputs }, (_, row) => row);
  if (mask === null || mask.every((value) => value !== 0)) return { weights, rows: all };
  const columns = weights.length / outputs;
  const every = Uint32Array.from({ length: columns }, (_, column) => column);
  const rows = all.filter((row) => every.some((column) => mask[row * columns + column] !== 0));
  const left = every.filter((column) => rows.some((row) => mask[row * columns + column] !== 0));
  const live = new Float32Array(rows.length * left.length);
  rows.forEach((row, r) => {
    left.forEach((column, c) => {
      live[r * left.length + c] = weights[row * columns + column]!;
    });
  });
  return { weights: live, rows };
}
