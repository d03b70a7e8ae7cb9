import { conformanceModel } from '@bitnetmcu/models/conformance';
import { describe, expect, it } from 'vitest';
import { cnn64, fc12k, modelOf } from '../../test/networks.js';
import { plainLayout } from '../layout/plain.js';
import { planBuffers, planEveryBuffer } from './buffer-plan.js';
import { lowerModel } from './lower-model.js';
import type { Buffer, Program } from './program.js';
import { buffersOf } from './steps.js';

const ALIGNMENT = 4;

function ramOf(model: Parameters<typeof lowerModel>[0]): number {
  return planBuffers(lowerModel(model, plainLayout, { everyTensor: false }), ALIGNMENT).ramBytes;
}

/** Steps in which a buffer must keep its contents. */
function lifetime({ steps }: Program, buffer: Buffer): [number, number] {
  const times = steps.flatMap((step, time) => (buffersOf(step).includes(buffer) ? [time] : []));
  return [times[0]!, times.at(-1)!];
}

describe('planBuffers', () => {
  it('lets no two buffers overlap that are needed at the same time', () => {
    let compared = 0;
    for (let index = 0; index < 150; index++) {
      const program = lowerModel(conformanceModel(3, index), plainLayout, { everyTensor: false });
      const { offsets, ramBytes } = planBuffers(program, ALIGNMENT);
      const buffers = [...new Set(program.steps.flatMap(buffersOf))].filter(({ place }) => place === 'ram');
      for (const a of buffers) {
        expect(offsets.get(a)! % ALIGNMENT).toBe(0);
        expect(offsets.get(a)! + a.bytes).toBeLessThanOrEqual(ramBytes);
        for (const b of buffers) {
          const [[firstA, lastA], [firstB, lastB]] = [lifetime(program, a), lifetime(program, b)];
          if (a === b || firstB > lastA || firstA > lastB) continue;
          const apart = offsets.get(a)! + a.bytes <= offsets.get(b)! || offsets.get(b)! + b.bytes <= offsets.get(a)!;
          const shared = (x: Buffer, y: Buffer) => program.inPlace.some((pair) => pair[0] === x && pair[1] === y);
          const handedOver = (shared(a, b) && lastA === firstB) || (shared(b, a) && lastB === firstA);
          expect(apart || (handedOver && offsets.get(a) === offsets.get(b))).toBe(true);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(300);
  });

  it('needs one accumulator row and one activation row for a chain of linear layers', () => {
    // 64 int32 accumulators and 64 int8 activations; the logits are the caller's.
    expect(ramOf(fc12k())).toBe(64 * 4 + 64);
  });

  it('needs one channel of maps, the features and one kernel for a chain of convolutions', () => {
    // 14×14 int32 after the first convolution, 64·4 features and a shift a channel, nine int16 taps rounded up to 4 bytes.
    expect(ramOf(cnn64())).toBe(14 * 14 * 4 + 256 + 64 + 20);
  });

  it('adds in place', () => {
    // Two copies of the input as int32; the sum takes the place of one of them and is then added to itself into the logits.
    const model = modelOf(
      [8],
      [
        { op: 'add', name: 'sum', inputs: ['input', 'input'], leftShift: [0, 1] },
        { op: 'add', name: 'twice', inputs: ['sum', 'sum'], leftShift: [0, 0] },
      ],
    );
    expect(ramOf(model)).toBe(2 * 8 * 4);
  });
});

describe('planEveryBuffer', () => {
  it('gives every buffer its own place', () => {
    const program = lowerModel(fc12k(), plainLayout, { everyTensor: true });
    const { ramBytes, offsets } = planEveryBuffer(program, ALIGNMENT);
    expect(ramBytes).toBe(3 * (64 * 4 + 64));
    expect(new Set(offsets.values()).size).toBe(offsets.size);
  });
});
