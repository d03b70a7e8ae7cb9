// How a layer's codes become the bytes that a kernel reads: one entry a layout, one kernel a format.
import type { QuantizedWeights, TensorType } from '@bitnetmcu/models/internal';
import type { FormatName } from '@bitnetmcu/quant';
import type { ConvTechnique } from '../lowering/conv-layer.js';
import type { LayerTables } from '../lowering/step.js';

/** What the kernels need besides the nodes: a row of bnm_image.h and of bnm_fast.h. */
export interface ConvChainKernel {
  /** BNM_KERNEL_* of c/include/bnm_image.h. */
  readonly kernel: number;
  /** Bytes of working memory besides one for each channel. */
  readonly scratchBytes: number;
  /** As many more where there is more than one convolution. */
  readonly windowBytes?: number;
  /** Whether the working memory holds code for the weights of a channel, too. */
  readonly writesCode?: true;
}

/** What a layer reads: the sample, in which any value may be the background, or activations, of which many are 0. */
export type LayerSource = 'sample' | 'activations';

/** The kernel and the bytes of a weight matrix of rows·columns codes, output-major. */
export type WeightPacker = (
  format: FormatName,
  codes: Uint8Array,
  rows: number,
  columns: number,
  source: LayerSource,
) => { readonly kernel: number; readonly weights: Uint8Array };

/** How linear kernels run convolutions window by window. */
export interface PatchesLayout {
  readonly pack: WeightPacker;
  /** Output channels from which on that is faster than kernels of convolutions. */
  readonly fewestChannels: (format: FormatName) => number;
}

export interface WeightLayout {
  readonly name: string;
  /** One sentence for tables and docs. */
  readonly description: string;
  /**
   * Which builds of the C runtime can read it: `every`, only those with BNM_HOST_KERNELS (WebAssembly, and C on the host in its
   * `host` variant), only those with BNM_FAST_KERNELS (the `fast` variant), or only those with BNM_AVR_KERNELS (the `avr` variant).
   */
  readonly readBy: 'every' | 'host' | 'fast' | 'avr';
  readonly linear: WeightPacker;
  /** In place of `linear`, where the choice of kernels depends on all linear layers of a model: at least one. */
  readonly linearOf?: (layers: readonly QuantizedWeights[]) => WeightPacker;
  readonly convolution: WeightPacker;
  /** The kernel of whole chains of convolutions. Absent: they run layer by layer. */
  readonly convChain?: ConvChainKernel;
  /** Convolutions that linear kernels run window by window. Absent: none. */
  readonly patches?: PatchesLayout;
  /** Whether all channels of maps lie in memory as int32 until their ShiftNorm: fewer passes, but four times the RAM. */
  readonly wideMaps?: true;
  /** Convolutions that run node by node have kernels of this layout's own over these types; over others the plain ones. Absent: none. */
  readonly nodeConvolutions?: readonly TensorType[];
  /** How convolutions over int8 run as one step with what follows them. Absent: they run node by node. */
  readonly convolve?: ConvTechnique;
  /**
   * Outputs a channel up to which ternary convolutions read their codes anew for each four outputs, in place of lists, where no convolution of
   * the model has more. Absent: lists.
   */
  readonly tritOutputs?: number;
}

export function layerTables(
  packer: WeightPacker,
  { format, codes, outputShifts, bias }: QuantizedWeights,
  rows: number,
  columns: number,
  source: LayerSource,
): LayerTables {
  return { ...packer(format, codes, rows, columns, source), outputShifts, bias };
}
