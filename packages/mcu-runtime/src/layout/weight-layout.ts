// How a layer's codes become the bytes that a kernel reads: one entry a layout, one kernel a format.
import type { QuantizedWeights } from '@bitnetmcu/models';
import type { FormatName } from '@bitnetmcu/quant';
import type { LayerTables } from './program.js';

/** The kernel and the bytes of a weight matrix of rows·columns codes, output-major. */
export type WeightPacker = (
  format: FormatName,
  codes: Uint8Array,
  rows: number,
  columns: number,
) => { readonly kernel: number; readonly weights: Uint8Array };

export interface WeightLayout {
  readonly name: string;
  /** One sentence for tables and docs. */
  readonly description: string;
  /** Whether only runtimes compiled with BNM_HOST_KERNELS can read it: WebAssembly, and C on the host in its `host` variant. */
  readonly hostOnly: boolean;
  readonly linear: WeightPacker;
  readonly convolution: WeightPacker;
}

export function layerTables(
  packer: WeightPacker,
  { format, codes, outputShifts, bias }: QuantizedWeights,
  rows: number,
  columns: number,
): LayerTables {
  return { ...packer(format, codes, rows, columns), outputShifts, bias };
}
