// What the C runtime lacks is refused with a typed error, for each member of each registry: operations, steps, and what an image says.
import type { NodeOp } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { NODE_OPS } from '@bitnetmcu/models/internal';
import { afterEach, describe, expect, it } from 'vitest';
import { getLayout } from '../layout/layouts.js';
import { compileRuntime, WasmImage } from '../wasm/wasm-runtime.js';
import { layoutModel } from './layout-model.js';
import { lowerModel } from './lower-model.js';
import { LOWERINGS } from './lowerings.js';
import { STEPS } from './steps.js';

const lowered = { ...LOWERINGS };
const steps = { ...STEPS };

/** A member of a registry, away until the next test. */
function without(registry: object, member: string): void {
  delete (registry as Record<string, unknown>)[member];
}

/** All members again, in their order: other files see the same registry. */
function restore(registry: object, members: object): void {
  for (const member of Object.keys(registry)) without(registry, member);
  Object.assign(registry, members);
}

afterEach(() => {
  restore(LOWERINGS, lowered);
  restore(STEPS, steps);
});

function modelWith(op: NodeOp) {
  for (let index = 0; ; index++) {
    const model = conformanceModel(1, index);
    if (model.nodes.some((node) => node.op === op)) return model;
  }
}

describe('an operation that the C runtime lacks', () => {
  it.each(NODE_OPS)('%s is refused when it is lowered, by the name of its node', (op) => {
    const model = modelWith(op);
    const { name } = model.nodes.find((node) => node.op === op)!;
    without(LOWERINGS, op);
    for (const everyTensor of [false, true]) {
      expect(() => lowerModel(model, getLayout('plain'), { everyTensor })).toThrow(
        expect.objectContaining({
          name: 'RuntimeError',
          code: 'unknown-op',
          message: expect.stringContaining(`"${name}"`),
        }),
      );
    }
  });

  it.each(['linear', 'conv2d', 'maxAbsNormRelu', 'crop', 'add'] as const)(
    'the step %s without a record is refused',
    (op) => {
      const model = modelWith(op === 'maxAbsNormRelu' ? 'maxAbsNorm' : op);
      without(STEPS, op);
      expect(() => layoutModel(model)).toThrow(expect.objectContaining({ name: 'RuntimeError', code: 'unknown-op' }));
    },
  );

  it('is refused where an image has it', async () => {
    const image = layoutModel(modelWith('linear'));
    const changed = { ...image, image: image.image.slice() };
    changed.image[16] = 99;
    const runtime = await WasmImage.create(await compileRuntime(), changed);
    const inputs = conformanceInputs(1, 0, image.inputs, 1);
    expect(() => runtime.infer(inputs, 1)).toThrow(
      expect.objectContaining({ name: 'RuntimeError', code: 'unknown-op' }),
    );
  });
});
