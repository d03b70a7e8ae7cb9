// A second implementation of quantized-model.ts for tests, written from its text alone: nested arrays, no typed arrays, no bit
// operations, division and floor instead of shifts. Slow, obvious, and it refuses any number that int32 cannot hold.
import { getFormat } from '@bitnetmcu/quant';
import type { InferenceBackend } from '../inference.js';
import type {
  AvgPool2dNode,
  Conv2dNode,
  LinearNode,
  MaxPool2dNode,
  QuantizedModel,
  QuantizedNode,
} from '../quantized-model.js';

/** [channel][row][column]; features are channels of 1×1. */
type Tensor = number[][][];

/** The naive implementation: what the reference is held against. */
export class NaiveInference implements InferenceBackend {
  readonly name = 'naive';

  async load(model: QuantizedModel) {
    const outputsOf = (input: Int8Array) => naiveLogits(model, [...input]);
    const features = model.input.shape.reduce((a, b) => a * b, 1);
    return {
      outputs: outputsOf(new Int8Array(features)).length,
      infer: (inputs: Int8Array, count: number) =>
        Int32Array.from(
          Array.from({ length: count }, (_, s) => outputsOf(inputs.slice(s * features, (s + 1) * features))).flat(),
        ),
      close: () => {},
    };
  }
}

/** Logits of one sample. */
function naiveLogits(model: QuantizedModel, input: readonly number[]): number[] {
  const tensors: Record<string, Tensor> = { input: shaped(input, model.input.shape) };
  let last: Tensor = tensors.input!;
  for (const node of model.nodes) {
    last = evaluate(
      node,
      node.inputs.map((name) => tensors[name]!),
    );
    tensors[node.name] = last;
  }
  return flat(last);
}

function evaluate(node: QuantizedNode, inputs: Tensor[]): Tensor {
  const x = inputs[0]!;
  switch (node.op) {
    case 'linear':
      return Array.from({ length: node.outFeatures }, (_, o) => [
        [finish(node, o, dot(row(node, o, node.inFeatures), flat(x)))],
      ]);
    case 'conv2d':
      return Array.from({ length: node.outChannels }, (_, o) => convolve(node, o, x));
    case 'shiftNorm': {
      const max = Math.max(0, ...flat(x));
      let shift = 0;
      for (let rest = Math.floor(max / 128); rest > 0; rest = Math.floor(rest / 2)) shift++;
      return map(x, (acc) => (acc >= 0 ? Math.min(127, roundedShift(acc, shift)) : 0));
    }
    case 'rmsNorm': {
      const all = x.flat(2);
      const squares = all.reduce((sum, value) => sum + BigInt(value * value), 0n);
      const mean = (squares << 16n) / BigInt(all.length);
      let root = 0n;
      while ((root + 1n) * (root + 1n) <= mean) root += 1n;
      const normal = (value: number): number => {
        if (root === 0n) return 0;
        const quotient = (512n * BigInt(node.gain * Math.abs(value)) + root) / (2n * root);
        const magnitude = quotient > 127n ? 127 : Number(quotient);
        return value < 0 ? 0 - magnitude : magnitude;
      };
      return x.map((rows) => rows.map((r) => r.map(normal)));
    }
    case 'topRelu': {
      const max = Math.max(0, ...x.flat(2));
      return x.map((rows) => rows.map((r) => r.map((value) => (2 * value > max ? 2 * value - max : 0))));
    }
    case 'maxAbsNorm': {
      const max = Math.max(0, ...flat(x));
      let divisor = 1;
      while (Math.floor(max / divisor) >= 2 ** 23) divisor *= 2;
      const top = Math.floor(max / divisor);
      // 127·a/top rounded, halves up: the largest y with 2·top·y ≤ 254·a + top.
      return map(x, (acc) => (acc <= 0 ? 0 : Math.floor(int32(254 * Math.floor(acc / divisor) + top) / (2 * top))));
    }
    case 'reluShift':
      return map(x, (acc) => Math.floor(Math.max(acc, 0) / 2 ** node.shift));
    case 'requantize':
      return map(x, (acc) => Math.min(node.max, Math.max(node.min, roundedShift(acc, node.shift))));
    case 'lookup':
      return map(x, (value) => node.table[128 + value]!);
    case 'maxPool2d':
      return windows(x, node, (values) => Math.max(...values));
    case 'avgPool2d':
      return windows(x, node, (values) => {
        const sum = int32(values.reduce((a, b) => a + b, 0));
        const area = node.countIncludePad ? node.size[0] * node.size[1] : values.length;
        if ([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].includes(area)) return Math.floor(sum / area);
        return Math.floor(int32(sum * Math.round(65536 / area) + 32768) / 65536);
      });
    case 'crop':
      return x.map((rows) =>
        rows.slice(node.top, node.top + node.height).map((r) => r.slice(node.left, node.left + node.width)),
      );
    case 'flatten':
      return flat(x).map((value) => [[value]]);
    case 'topGroups': {
      const scores = flat(inputs[1]!);
      const ranking = scores.map((score, group) => ({ score, group }));
      ranking.sort((a, b) => (a.score === b.score ? a.group - b.group : b.score - a.score));
      const kept = ranking.slice(0, node.keep).map(({ group }) => group);
      const size = x.length / scores.length;
      return x.map((rows, c) => (kept.includes(Math.floor(c / size)) ? rows : map([rows], () => 0)[0]!));
    }
    case 'concat':
      return [...x, ...inputs[1]!];
    case 'add':
      return x.map((rows, c) =>
        rows.map((r, i) =>
          r.map((a, j) =>
            int32(
              int32(a * (node.multiplier ?? 1) * 2 ** node.leftShift[0]) +
                int32(inputs[1]![c]![i]![j]! * 2 ** node.leftShift[1]),
            ),
          ),
        ),
      );
  }
}

function convolve(node: Conv2dNode, o: number, x: Tensor): number[][] {
  const inputsPerGroup = node.inChannels / node.groups;
  const group = Math.floor(o / (node.outChannels / node.groups));
  const channels = x.slice(group * inputsPerGroup, (group + 1) * inputsPerGroup);
  const [kh, kw] = node.kernel;
  const weights = row(node, o, inputsPerGroup * kh * kw);
  const [above, before] = node.padding;
  const rows: number[][] = [];
  for (let top = -above; top + kh <= x[0]!.length + above; top += node.stride[0]) {
    const line: number[] = [];
    for (let left = -before; left + kw <= x[0]![0]!.length + before; left += node.stride[1]) {
      const patch: number[] = [];
      for (const channel of channels) {
        for (let dy = 0; dy < kh; dy++) for (let dx = 0; dx < kw; dx++) patch.push(channel[top + dy]?.[left + dx] ?? 0);
      }
      line.push(finish(node, o, dot(weights, patch)));
    }
    rows.push(line);
  }
  return rows;
}

/** Each window as the values that it has of the map; `slice` would read negative starts from the end. */
function windows(
  x: Tensor,
  { size: [height, width], stride, padding: [above, before] }: MaxPool2dNode | AvgPool2dNode,
  reduce: (values: number[]) => number,
): Tensor {
  return x.map((rows) => {
    const out: number[][] = [];
    for (let top = -above; top + height <= rows.length + above; top += stride[0]) {
      const line: number[] = [];
      for (let left = -before; left + width <= rows[0]!.length + before; left += stride[1]) {
        const values: number[] = [];
        for (let dy = 0; dy < height; dy++) {
          for (let dx = 0; dx < width; dx++) {
            const value = rows[top + dy]?.[left + dx];
            if (value !== undefined) values.push(value);
          }
        }
        line.push(reduce(values));
      }
      out.push(line);
    }
    return out;
  });
}

/** round(acc / 2^shift), halves up. */
function roundedShift(acc: number, shift: number): number {
  return Math.floor(int32(acc + (shift === 0 ? 0 : 2 ** (shift - 1))) / 2 ** shift);
}

function row(node: LinearNode | Conv2dNode, o: number, columns: number): number[] {
  const { integers } = getFormat(node.weights.format);
  return [...node.weights.codes.subarray(o * columns, (o + 1) * columns)].map((code) => integers[code]!);
}

function finish(node: LinearNode | Conv2dNode, o: number, sum: number): number {
  return int32(int32(sum * 2 ** (node.weights.outputShifts?.[o] ?? 0)) + (node.weights.bias?.[o] ?? 0));
}

function dot(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new Error(`dot product of ${a.length} and ${b.length} numbers`);
  return a.reduce((sum, value, i) => int32(sum + value * b[i]!), 0);
}

function int32(value: number): number {
  if (!(Number.isInteger(value) && value >= -2147483648 && value <= 2147483647))
    throw new Error(`${value} is no int32`);
  return value + 0;
}

const flat = (x: Tensor): number[] => x.flat(2);
const map = (x: Tensor, f: (value: number) => number): Tensor => x.map((rows) => rows.map((r) => r.map(f)));

function shaped(values: readonly number[], shape: QuantizedModel['input']['shape']): Tensor {
  if (shape.length === 1) return values.map((value) => [[value]]);
  const [channels, height, width] = shape;
  return Array.from({ length: channels }, (_, c) =>
    Array.from({ length: height }, (_, y) => values.slice((c * height + y) * width, (c * height + y + 1) * width)),
  );
}
