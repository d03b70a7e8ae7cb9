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
import { OnnxGraphBuilder } from './graph-builder.js';
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
  /** `int8` (default): samples as `quantizeInput` gives them. `raw`: uint8 samples; the graph preprocesses them to the same int8. */
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
 * @throws ExporterError `invalid-option` for a form or input that is none; ModelError where the model is wrong or an accumulator could overflow.
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
  const bytes = graph.finish({
    name: model.name,
    documentation: `${model.name}: ${form === 'integer' ? 'integer-exact graph' : 'QDQ form'} of a quantized network, written by @bitnetmcu/exporter. ${elementCount(resolved.at(-1)!.outputShape) === 1 ? 'The class is 1 where the logit is above 0, else 0.' : 'The class is the first largest logit.'}`,
    input: { name: INPUT, type: input === 'raw' ? 'uint8' : 'int8', dims: ['N', ...shape] },
    output: {
      name: 'logits',
      type: form === 'integer' ? 'int32' : 'float',
      dims: ['N', elementCount(resolved[resolved.length - 1]!.outputShape)],
    },
    metadata: {
      labels: JSON.stringify(model.labels),
      preprocessing: JSON.stringify(model.input.preprocessing),
      inputQuantization: JSON.stringify(model.input.quantization),
      provenance: JSON.stringify(model.provenance),
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
