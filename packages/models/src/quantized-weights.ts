// The weights of a layer of the integer network, as plain data.
import type { FormatName } from '@bitnetmcu/quant';

/** Weights of one layer: codes in canonical order (output-major: out, in/groups, kernel row, kernel column). */
export interface QuantizedWeights {
  readonly format: FormatName;
  readonly codes: Uint8Array;
  /** Per-output scaling: the accumulator of output o is shifted left by outputShifts[o] (0…15). Absent: none. */
  readonly outputShifts?: Uint8Array;
  /** int32 bias added after the output shift. Absent: none. */
  readonly bias?: Int32Array;
}
