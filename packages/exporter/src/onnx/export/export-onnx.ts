// QuantizedModel → ONNX: the integer-exact graph, or the QDQ form for other tools.
import {
  type NodeBounds,
  proveAccumulatorBounds,
  type QuantizedModel,
  type QuantizedNode,
  type ResolvedNode,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import { elementCount, INPUT } from '@bitnetmcu/models/internal';
import { requireChoice } from '../../choices.js';
import { outputText } from '../../output-text.js';
import { OnnxGraphBuilder } from './graph-builder.js';
import { leftOutMetadata, leftOutText, requireBytes } from './left-out.js';
import { onnxOpOf } from './ops/index.js';
import { FLOAT_EXACT, type IntegerTensor, type OnnxSite, type QdqTensor, requantized } from './ops/onnx-op.js';
import { quantizedFromRaw } from './raw-input.js';

export interface ExportOnnxOptions {
  /**
   * `integer` (default): integer operators; int32 logits identical to the C code's.
   * `qdq`: QuantizeLinear/DequantizeLinear pairs with constant scales around float operators; float32 logits, equal to the integer
   * ones while accumulators stay below 2^24 (see `exact` of the result).
   */
  readonly form?: 'integer' | 'qdq';
  /** `int8` (default): samples as `quantizeInput` gives them. `raw`: uint8 samples; the graph preprocesses them to the same int8, of models without `input.raw`. */
  readonly input?: 'int8' | 'raw';
}

export interface OnnxExport {
  /** The model file. */
  readonly bytes: Uint8Array;
  /** Whether the logits are proven to equal the integer inference's for every input. */
  readonly exact: boolean;
}

/**
 * Writes a model as an ONNX file (opset 17): input `input` [N, …shape], output `logits` [N, outputs].
 * @throws ExporterError `invalid-option` for a form or input that is none, or `raw` input of a model with raw values of its own; ModelError where the model is wrong or an accumulator could overflow.
 *
 * @example
 * ```ts
 * import { exportOnnx } from '@bitnetmcu/exporter';
 *
 * const { bytes } = exportOnnx(model); // gives the integer logits of the model in ONNX Runtime
 * ```
 */
export function exportOnnx(model: QuantizedModel, options: ExportOnnxOptions = {}): OnnxExport {
  const { form = 'integer', input = 'int8' } = options;
  requireChoice('form of an ONNX graph', form, FORMS);
  requireChoice('input of an ONNX graph', input, INPUTS);
  const resolved = validateQuantizedModel(model);
  if (input === 'raw') requireBytes(model);
  const bounds = proveAccumulatorBounds(model);
  const graph = new OnnxGraphBuilder();
  graph.scope = 'preprocessing';
  const quantized = input === 'raw' ? quantizedFromRaw(graph, model, INPUT) : undefined;
  const { shape } = model.input;
  let logits: string;
  if (form === 'integer') {
    const name = quantized === undefined ? INPUT : graph.cast(quantized, 'int8');
    const start: IntegerTensor = { name, type: 'int8', shape };
    const last = appendAll(graph, resolved, bounds, start, (site) => ({
      ...onnxOpOf(site.node).integer(site),
      shape: site.shape,
    }));
    logits = flatLogits(graph, last);
  } else {
    const float = quantized ?? graph.cast(INPUT, 'float');
    const start: QdqTensor = { name: requantized(graph, float, 'int8'), shape };
    const last = appendAll(graph, resolved, bounds, start, (site) => ({
      name: onnxOpOf(site.node).qdq(site),
      shape: site.shape,
    }));
    logits = flatLogits(graph, last);
  }
  graph.output('logits', logits);
  const outputs = elementCount(resolved.at(-1)!.outputShape);
  const type = form === 'integer' ? 'int32' : 'float';
  const documentation = [
    `${model.name}: ${form === 'integer' ? 'integer-exact graph' : 'QDQ form'} of a quantized network, written by @bitnetmcu/exporter.`,
    `Output: ${outputText(model, outputs, type)}.`,
    leftOutText(model) ?? '',
  ];
  const bytes = graph.finish({
    name: model.name,
    documentation: documentation.join(' ').trimEnd(),
    input: { name: INPUT, type: input === 'raw' ? 'uint8' : 'int8', dims: ['N', ...shape] },
    output: { name: 'logits', type, dims: ['N', outputs] },
    metadata: {
      labels: JSON.stringify(model.labels),
      preprocessing: JSON.stringify(model.input.preprocessing),
      inputQuantization: JSON.stringify(model.input.quantization),
      provenance: JSON.stringify(model.provenance),
      ...leftOutMetadata(model),
    },
  });
  const largest = Math.max(...bounds.flatMap(({ accumulator }) => [-accumulator.min, accumulator.max]));
  return { bytes, exact: form === 'integer' || largest < FLOAT_EXACT };
}

const FORMS: readonly NonNullable<ExportOnnxOptions['form']>[] = ['integer', 'qdq'];
const INPUTS: readonly NonNullable<ExportOnnxOptions['input']>[] = ['int8', 'raw'];

/** Appends the model's nodes in order, each in a scope of its name; returns the last one's tensor. */
function appendAll<T>(
  graph: OnnxGraphBuilder,
  entries: readonly ResolvedNode[],
  bounds: readonly NodeBounds[],
  start: T,
  append: (site: OnnxSite<QuantizedNode, T>) => T,
): T {
  const tensors = new Map<string, T>([[INPUT, start]]);
  let last = start;
  entries.forEach(({ node, outputShape: shape, outputType }, index) => {
    graph.scope = node.name;
    const inputs = node.inputs.map((name) => tensors.get(name)!);
    last = append({ graph, node, x: inputs[0]!, inputs, shape, outputType, bounds: bounds[index]! });
    tensors.set(node.name, last);
  });
  return last;
}

/** The logits as [N, outputs]. */
function flatLogits(graph: OnnxGraphBuilder, { name, shape }: QdqTensor): string {
  return shape.length === 1 ? name : graph.node('Reshape', [name, graph.ints([0, elementCount(shape)])]);
}
