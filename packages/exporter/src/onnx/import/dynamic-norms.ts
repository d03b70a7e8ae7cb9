// Dynamic activation quantization and norms, recognized by what they compute: a part of the graph between two values is evaluated on
// probes, and whether the result is round(x·127/max|x|) or x times a positive number decides, however its operators are arranged.

import { roundHalfEven } from '@bitnetmcu/quant/internal';
import type { FloatDynamicNorm } from '../../float/float-network.js';
import { Budget } from '../ir/budget.js';
import { evaluateNode } from '../ir/evaluate.js';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf, type Tensor } from '../ir/tensor.js';
import { IMPORT_LIMITS, type SpecializedGraph } from './specialize.js';

/** Operators that such parts are made of. */
const OPERATORS: ReadonlySet<string> = new Set(
  (
    'Abs Add Cast Ceil Clip Div Equal Expand Floor Greater Identity Less Max Min Mul Neg Pow Reciprocal ReduceL1 ReduceL2 ReduceMax ' +
    'ReduceMean ReduceMin ReduceSum Round Sign Sqrt Sub Where'
  ).split(' '),
);

/** A recognized part: `to` is `from` normalized, and perhaps quantized. */
export interface DynamicNorm extends Pick<FloatDynamicNorm, 'norm' | 'quantized'> {
  readonly from: string;
  readonly to: string;
  readonly nodes: readonly OnnxNode[];
}

/** All recognized parts of a graph, by the name of the value that they end in. */
export function findDynamicNorms(specialized: SpecializedGraph): Map<string, DynamicNorm> {
  const producers = new Map(specialized.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const order = new Map(specialized.nodes.map((node, index) => [node, index]));
  const found = new Map<string, DynamicNorm>();
  for (const node of specialized.nodes) {
    if (OPERATORS.has(node.operator)) continue;
    for (const to of node.inputs) {
      if (found.has(to) || !producers.has(to)) continue;
      const norm = partEndingIn(specialized, producers, order, to);
      if (norm) found.set(to, norm);
    }
  }
  return found;
}

/** Longest part that a norm can be written in. */
const MAX_NODES = 64;

function partEndingIn(
  specialized: SpecializedGraph,
  producers: ReadonlyMap<string, OnnxNode>,
  order: ReadonlyMap<OnnxNode, number>,
  to: string,
): DynamicNorm | undefined {
  const shape = specialized.shapes.get(to);
  const whole = nodesBetween(producers, order, undefined, to);
  // A norm divides by something that was reduced over the sample.
  if (!shape || !whole?.some(({ operator }) => operator.startsWith('Reduce'))) return undefined;
  const candidates = new Set(whole.flatMap(({ inputs }) => inputs).filter((name) => specialized.shapes.has(name)));
  const sorted = [...candidates]
    .filter((name) => name !== to && String(specialized.shapes.get(name)) === String(shape))
    .sort((a, b) => (order.get(producers.get(a)!) ?? -1) - (order.get(producers.get(b)!) ?? -1));
  for (const from of sorted) {
    const nodes = nodesBetween(producers, order, from, to);
    const norm = nodes && readsOnly(specialized, nodes, from) ? probe(specialized, nodes, from, to, shape) : undefined;
    if (norm && nodes) return { from, to, nodes, ...norm };
  }
  return undefined;
}

/** The nodes of known operators through which `to` depends on earlier values, not going beyond `from`; undefined where too many. */
function nodesBetween(
  producers: ReadonlyMap<string, OnnxNode>,
  order: ReadonlyMap<OnnxNode, number>,
  from: string | undefined,
  to: string,
): OnnxNode[] | undefined {
  const nodes = new Set<OnnxNode>();
  const pending = [to];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = name === from ? undefined : producers.get(name);
    if (!node || nodes.has(node) || !OPERATORS.has(node.operator)) continue;
    if (nodes.add(node).size > MAX_NODES) return undefined;
    pending.push(...node.inputs);
  }
  return [...nodes].sort((a, b) => order.get(a)! - order.get(b)!);
}

/** Whether the nodes depend on nothing of the sample but `from`. */
function readsOnly(specialized: SpecializedGraph, nodes: readonly OnnxNode[], from: string): boolean {
  const inside = new Set([from, ...nodes.flatMap(({ outputs }) => outputs)]);
  return nodes.every(({ inputs }) =>
    inputs.every((name) => name === '' || inside.has(name) || specialized.constants.has(name)),
  );
}

/** Magnitudes of the probes: small enough to show an ε that matters, large enough to show a static range. */
const MAGNITUDES = [1, 0.05, 400, 3, 30] as const;
/** How near to a tie, in steps, a value must lie to be rounded either way. */
const TIE = 0.005;
/** Float32 error allowed, in steps or relative to the largest value. */
const TOLERANCE = 2e-4;

function probe(
  specialized: SpecializedGraph,
  nodes: readonly OnnxNode[],
  from: string,
  to: string,
  shape: readonly number[],
): Pick<DynamicNorm, 'norm' | 'quantized'> | undefined {
  const features = elementsOf(shape) / specialized.batch;
  if (features < 2 || !Number.isInteger(features)) return undefined;
  const factors: { f: number; rms: number; l1: number }[] = [];
  let kinds = new Set<boolean>([true, false]);
  for (const [index, magnitude] of MAGNITUDES.entries()) {
    const x = probeValues(elementsOf(shape), magnitude, index);
    const y = evaluatePart(specialized, nodes, from, to, { type: 'float32', shape, data: x });
    if (!y) return undefined;
    for (let s = 0; s < specialized.batch; s++) {
      const [xs, ys] = [x, y].map((data) => data.subarray(s * features, (s + 1) * features)) as [
        Float32Array,
        Float32Array,
      ];
      kinds = new Set([...kinds].filter((quantized) => factorOf(xs, ys, quantized) !== undefined));
      const quantized = kinds.has(true);
      const f = factorOf(xs, ys, quantized);
      if (f === undefined) return undefined;
      let [squares, magnitudes] = [0, 0];
      for (const value of xs) {
        squares += value * value;
        magnitudes += Math.abs(value);
      }
      factors.push({ f, rms: Math.sqrt(squares / features), l1: magnitudes / features });
    }
  }
  const quantized = kinds.has(true);
  const near = (product: (entry: (typeof factors)[number]) => number) =>
    factors.every((entry) => Math.abs(product(entry) - 1) < 0.02);
  const norm = near(({ f }) => f)
    ? 'none'
    : near(({ f, rms }) => f * rms)
      ? 'rms'
      : near(({ f, l1 }) => f * l1)
        ? 'l1'
        : 'other';
  // A constant factor is no norm but a scale, which folds into weights.
  const constant = factors.every(({ f }) => Math.abs(f / factors[0]!.f - 1) < 1e-3);
  return constant && !quantized ? undefined : { norm, quantized };
}

/** f > 0 with y = f·x, or y = f·max|x|/127·round(x·127/max|x|); undefined where there is none. */
function factorOf(x: Float32Array, y: Float32Array, quantized: boolean): number | undefined {
  let max = 0;
  for (const value of x) max = Math.max(max, Math.abs(value));
  const stepsOfOne = 127 / max;
  const wanted = (i: number) => (quantized ? roundHalfEven(x[i]! * stepsOfOne) / stepsOfOne : x[i]!);
  let [dot, squares] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    dot += y[i]! * wanted(i);
    squares += wanted(i) ** 2;
  }
  const factor = dot / squares;
  if (!(factor > 0 && Number.isFinite(factor))) return undefined;
  for (let i = 0; i < x.length; i++) {
    const error = Math.abs(y[i]! / factor - wanted(i)) * stepsOfOne;
    const position = Math.abs(x[i]! * stepsOfOne);
    const allowed = quantized && Math.abs(position - Math.floor(position) - 0.5) < TIE ? 1 + TOLERANCE : TOLERANCE;
    if (!(error <= allowed * (quantized ? 1 : 127))) return undefined;
  }
  return factor;
}

function evaluatePart(
  specialized: SpecializedGraph,
  nodes: readonly OnnxNode[],
  from: string,
  to: string,
  x: Tensor,
): Float32Array | undefined {
  const values = new Map(specialized.constants).set(from, x);
  const budget = new Budget(IMPORT_LIMITS);
  for (const node of nodes) {
    if (specialized.failed.has(node)) return undefined;
    evaluateNode(specialized.graph, node, values, budget).forEach((output, k) => {
      if (node.outputs[k]) values.set(node.outputs[k], output);
    });
  }
  const y = values.get(to)?.data;
  return y instanceof Float32Array && y.length === x.data.length ? y : undefined;
}

/** Reproducible values of both signs, a third of them zero as behind a ReLU: a multiplicative congruential sequence (Park and Miller). */
function probeValues(count: number, magnitude: number, seed: number): Float32Array {
  let state = 48_271 + seed * 69_621;
  const next = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Float32Array.from({ length: count }, () => (next() < 0.33 ? 0 : (next() * 2 - 1) * magnitude));
}
