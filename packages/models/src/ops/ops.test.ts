// The registry of operations: every member is complete, has its own file's name, and what is no member is refused with its name.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { proveAccumulatorBounds } from '../accumulator-bounds.js';
import { ModelBuilder } from '../conformance/model-builder.js';
import { conformanceInputs } from '../conformance/random-inputs.js';
import { decodeBnm, encodeBnm } from '../files/bnm.js';
import { SeededRandom } from '../random/seeded-random.js';
import { ReferenceModel } from '../reference-inference.js';
import { resolveModel, validateQuantizedModel } from '../resolve-model.js';
import { summarizeModel } from '../summary/summary.js';
import { NaiveInference } from '../testing/naive-inference.js';
import { modelOf } from '../testing/small-models.js';
import { NODE_OPS, type NodeOp, opOf, ops, type QuantizedNode } from './index.js';
import type { Unplaced } from './op-definition.js';

/** A network of one node of the operation, behind a convolution and before what makes logits of it. */
function networkWith(op: NodeOp, seed: number) {
  const random = new SeededRandom(seed, NODE_OPS.indexOf(op));
  const builder = new ModelBuilder(op, [2, 5, 4], false);
  const push = (nodes: Iterable<Unplaced<QuantizedNode>>, ...other: string[]) => {
    for (const node of nodes) if (builder.push(node, ...other)) return true;
    return false;
  };
  const site = () => {
    const { shape, type } = builder.last;
    return { random, shape, type, bounds: builder.lastBounds, formats: ['4bitsym'], maxElements: 200 } as const;
  };
  if (op === 'concat') {
    const [left, right] = [3, 4].map((outputs) => [...ops.linear.random(site(), outputs)].at(-1)!);
    if (!builder.fork(left!, right!, [...ops.concat.random(site())][0]!)) throw new Error(`${op} fits nowhere`);
    return builder.model();
  }
  if (op === 'topGroups') {
    push(ops.conv2d.random(site()));
    const { shape } = builder.last;
    const router = [...ops.linear.random({ ...site(), ...builder.sample }, shape[0])].at(-1)!;
    if (!builder.chosen(router, [...ops.topGroups.random(site(), shape[0])][0]!)) throw new Error(`${op} fits nowhere`);
    return builder.model();
  }
  const before = builder.last.name;
  if (ops[op].inputs === 1 && opOf({ name: op, op, inputs: [] }).readsInt8 === undefined)
    push(ops.conv2d.random(site()));
  // A draw can find nothing that fits, or something that overflows: the next one finds another.
  let draws = 0;
  while (!push(ops[op].random(site()), ...(ops[op].inputs === 2 ? [before] : []))) {
    if (++draws === 20) throw new Error(`${op} fits nowhere`);
  }
  if (builder.last.type === 'int8') push(ops.linear.random(site(), 3));
  return builder.model();
}

describe('the registry of operations', () => {
  it.each(NODE_OPS)('%s has its own name, its own file, and a line of documentation', (op) => {
    const file = op.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    expect(ops[op].op).toBe(op);
    expect(existsSync(new URL(`./${file}.ts`, import.meta.url))).toBe(true);
    expect(ops[op].meaning).toMatch(/^[^\n|]{10,}$/);
  });

  it.each(NODE_OPS)('%s draws random nodes that every part of the package takes', async (op) => {
    for (let seed = 0; seed < 10; seed++) {
      const model = networkWith(op, seed);
      expect(model.nodes.map((node) => node.op)).toContain(op);
      expect(validateQuantizedModel(decodeBnm(encodeBnm(model))).length).toBe(model.nodes.length);
      expect(summarizeModel(model).layers.map(({ operation }) => operation)).toContain(op);
      const reference = new ReferenceModel(model);
      const inputs = conformanceInputs(seed, 0, reference.inputs, 8);
      const naive = await new NaiveInference().load(model);
      expect([...reference.infer(inputs, 8)]).toEqual([...naive.infer(inputs, 8)]);
    }
  });

  it('names an operation that is none, and the nearest one', () => {
    const node = { name: 'pool', op: 'maxPool', inputs: ['input'] } as unknown as QuantizedNode;
    const model = modelOf([2, 4, 4], [node]);
    const message = /Node 'pool': There is no operation "maxPool"\. Did you mean "maxPool2d"\?/;
    for (const use of [() => opOf(node), () => resolveModel(model), () => proveAccumulatorBounds(model)]) {
      expect(use).toThrow(
        expect.objectContaining({ code: 'unknown-operation', message: expect.stringMatching(message) }),
      );
    }
  });

  it('has no operation of the name of an inherited property', () => {
    const node = { name: 'a', op: 'toString', inputs: ['input'] } as unknown as QuantizedNode;
    expect(() => opOf(node)).toThrow(expect.objectContaining({ code: 'unknown-operation' }));
  });

  it.each([
    ['a model', (model: ReturnType<typeof modelOf>) => validateQuantizedModel(model)],
    ['the reference', (model: ReturnType<typeof modelOf>) => new ReferenceModel(model)],
    ['the writer of files', (model: ReturnType<typeof modelOf>) => encodeBnm(model)],
  ])('%s with an operation that is none is refused where it stands', (_, use) => {
    const node = { name: 'a', op: 'lookUp', inputs: ['input'] } as unknown as QuantizedNode;
    expect(() => use(modelOf([2], [node]))).toThrow(
      expect.objectContaining({ code: 'invalid-model', message: expect.stringContaining('nodes[0].op') }),
    );
  });
});
