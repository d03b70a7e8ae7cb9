// Every fixture against ONNX Runtime: 1 000 inputs, logits within 1e-4.
// Where a graph rounds, float32 sums added in another order may fall on the other side of a tie: there ONNX Runtime's integers are
// taken over, after checking that they differ by one step and that the value rounded lay on the tie.
// Without graph optimization: `basic` already multiplies dequantized weights inexactly (5e-4 off its own result on the Brevitas file).
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, ValueInfoProtoSchema } from 'onnx-buf';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { fixtureBytes, fixtureGraph, fixtureNames, randomImages } from '../__fixtures__/fixtures.js';
import { evaluateOnnx } from './evaluate.js';
import type { OnnxGraph, OnnxNode } from './graph.js';
import { elementsOf, floatTensor, type Tensor } from './tensor.js';

const INPUTS = 1000;
const LIMIT = 1e-4;
/** How far from a tie, in steps, float32 sums of this size can be apart. */
const TIE = 2e-4;

/** Rounding nodes whose input depends on the sample. */
function roundingNodes(graph: OnnxGraph): OnnxNode[] {
  const variable = new Set(graph.inputs.map(({ name }) => name));
  return graph.nodes.filter((node) => {
    if (!node.inputs.some((name) => variable.has(name))) return false;
    for (const name of node.outputs) variable.add(name);
    return node.operator === 'Round' || node.operator === 'QuantizeLinear';
  });
}

/** The file with the outputs of some nodes as additional outputs of the graph. */
function withOutputs(bytes: Uint8Array, nodes: readonly OnnxNode[]): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  for (const { outputs } of nodes) model.graph!.output.push(create(ValueInfoProtoSchema, { name: outputs[0]! }));
  return toBinary(ModelProtoSchema, model);
}

describe.each(fixtureNames)('%s', (name) => {
  it('agrees with ONNX Runtime', async () => {
    const graph = await fixtureGraph(name);
    const rounding = roundingNodes(graph);
    const session = await ort.InferenceSession.create(withOutputs(fixtureBytes(name), rounding), {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    const input = graph.inputs[0]!;
    const sample = input.shape!.slice(1).map(Number);
    const features = elementsOf(sample);
    const count = typeof input.shape![0] === 'number' ? input.shape![0] : 50;
    const images = randomImages(INPUTS, features, 7);
    let worst = 0;
    for (let from = 0; from < INPUTS; from += count) {
      const data = images.slice(from * features, (from + count) * features);
      const shape = [count, ...sample];
      const theirs = await session.run({ [input.name]: new ort.Tensor('float32', data, shape) });
      const read = new Map<string, Tensor>([[input.name, floatTensor(data, shape)]]);
      const onNode = (node: OnnxNode, outputs: readonly Tensor[]) => {
        for (const [k, output] of outputs.entries()) read.set(node.outputs[k]!, output);
        if (!rounding.includes(node)) return undefined;
        const rounded = outputs[0]!;
        const other = theirs[node.outputs[0]!]!.data as Float32Array;
        const scale = node.operator === 'Round' ? 1 : Number(graph.initializers.get(node.inputs[1]!)!.data[0]);
        rounded.data.forEach((value, i) => {
          if (value === other[i]) return;
          const before = read.get(node.inputs[0]!)!.data[i]! / scale;
          expect(Math.abs(value - other[i]!)).toBe(1);
          expect(Math.abs(before - Math.floor(before) - 0.5)).toBeLessThan(TIE);
        });
        const data = rounded.data.map((_, i) => other[i]!) as Tensor['data'];
        return [{ ...rounded, data }];
      };
      const [ours] = evaluateOnnx(graph, { [input.name]: read.get(input.name)! }, { onNode }).values();
      const logits = theirs[graph.outputs[0]!.name]!;
      expect(ours!.shape).toEqual(logits.dims);
      ours!.data.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - Number(logits.data[i])));
      });
    }
    expect(worst).toBeLessThan(LIMIT);
  });
});
