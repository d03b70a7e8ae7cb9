// The one call that makes integers: of a trained network, or of an ONNX graph.
import type { TrainedNetwork } from '@bitnetmcu/models';
import { importFloatNetwork } from './onnx/import/import-graph.js';
import type { OnnxGraph } from './onnx/ir/graph.js';
import { requireKnownChoices } from './quantize/choices.js';
import type { QuantizeGraphOptions, QuantizeNetworkOptions } from './quantize/options.js';
import { quantizeImported } from './quantize/quantize-imported.js';
import { quantizeTrained } from './quantize/quantize-trained.js';
import type { Quantized } from './quantize/report.js';

/**
 * Reduces a trained network to integers, with the weight codes that quantization-aware training saw.
 *
 * - Weights are encoded with the clipping scalars of training; scaling per output becomes power-of-two output shifts.
 * - RMS, L1 and no norm vanish, because the integer network is scale-free; batch norm is folded where that is exact.
 * - ReLU after a linear layer becomes ShiftNorm. ReLU after a convolution becomes a fixed right shift (that of its format, or the layer's own, or as
 *   much more as the proof against overflow needs), and a ShiftNorm `<layer>.norm` is put before a layer that wants int8.
 * - Dropout vanishes, and so do neurons and channels without any weight (`<layer>.mask`); other pruned weights are 0. Nodes keep their layers' names.
 * - Biases and sums take static scales, which need `options.calibration`: scales powers of two apart, int32 biases; convolution shifts do not apply.
 *
 * @example
 * ```ts
 * import { quantize } from '@bitnetmcu/exporter';
 *
 * const { model } = quantize(network); // of training, say run.trainedNetwork()
 * ```
 * @throws ExporterError naming the layer and the remedy (`no-calibration`, `unsupported-graph`, `unfoldable-norm`, `float-layer`,
 * `invalid-option`, `accumulator-overflow`, …); ModelError where spec or parameters are wrong.
 */
export function quantize(network: TrainedNetwork, options?: QuantizeNetworkOptions): Quantized;
/**
 * Quantizes an ONNX graph. Networks whose every layer normalizes its input and that have no bias (BitLinear) keep their codes and need no
 * calibration; all others get static power-of-two scales from calibration samples.
 *
 * @example
 * ```ts
 * import { quantize } from '@bitnetmcu/exporter';
 * import { readOnnxFile } from '@bitnetmcu/exporter/node';
 *
 * const { model, report } = quantize(await readOnnxFile('lenet.onnx'), { calibration: { samples: samples.bytes } });
 * ```
 * @throws UnsupportedGraphError listing every node without an integer form; ExporterError `no-calibration`, `invalid-calibration`,
 * `invalid-option`, `onnx-input`, `onnx-limit`, `accumulator-overflow`.
 */
export function quantize(graph: OnnxGraph, options?: QuantizeGraphOptions): Quantized;
export function quantize(
  source: TrainedNetwork | OnnxGraph,
  options: QuantizeNetworkOptions & QuantizeGraphOptions = {},
): Quantized {
  requireKnownChoices(options);
  if ('spec' in source) return quantizeTrained(source, options);
  const { name, inputShape, ...rest } = options;
  const network = importFloatNetwork(source, {
    ...(name === undefined ? {} : { name }),
    ...(inputShape === undefined ? {} : { inputShape }),
  });
  const { model, report } = quantizeImported(network, rest);
  return { model, report: { producer: source.producer, opset: source.opset, ...report } };
}
