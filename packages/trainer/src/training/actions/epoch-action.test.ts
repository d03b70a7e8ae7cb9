import { describe, expect, it } from 'vitest';
import type { TrainableNetwork } from '../../engine/engine.js';
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint.js';
import { actionState } from '../restore.js';
import { sampleCheckpoint } from '../testing/sample-checkpoint.js';
import { softmaxEngine } from '../testing/softmax-regression.js';
import { type EpochAction, requireActions } from './epoch-action.js';

const spec = {
  name: 'linear',
  input: { shape: [36] },
  layers: [{ type: 'linear', name: 'fc1', outputs: 2 }],
} as unknown as TrainableNetwork['spec'];

/** A network whose weights are those of no training, told apart by `step`. */
function teacher(step: number): TrainableNetwork {
  const network = softmaxEngine().compile(spec, { batchSize: 4 });
  network.parameters['fc1.weight']!.forEach((_, i, weights) => {
    weights[i] = Math.sin(step * (i + 1));
  });
  return network;
}

describe('requireActions', () => {
  const run = () => {};

  it.each([
    [{ epochEnd: run }, "it has the function 'epochEnd', which the run never calls; did you mean 'epochEnded'?"],
    [{ epochEnded: run, epochStart: run }, "did you mean 'epochStarted'?"],
    [{ onEpoch: run }, 'it does nothing'],
    [{}, 'it does nothing'],
    [{ epochEnded: 3 }, "its 'epochEnded' is no function"],
    [{ stepped: run, stepInterval: 0 }, "its 'stepInterval' is 0, a whole number ≥ 1 wanted"],
    [{ close: run, state: new Float32Array(1) }, "its 'state' is no function"],
    [null, 'null is no action'],
    ['teach', 'teach is no action'],
  ])('refuses %o', (action, message) => {
    expect(() => requireActions([{ close: run }, action as EpochAction])).toThrow(
      expect.objectContaining({
        name: 'TrainerError',
        code: 'invalid-argument',
        message: expect.stringMatching(new RegExp(`^actions\\[1\\]: .*${message.replace('?', '\\?')}`)),
      }),
    );
  });

  it('takes members of their own, and classes', () => {
    class Best {
      epochEnded(): void {}
    }
    expect(() => requireActions([{ close: run, averages: {}, best: run } as EpochAction, new Best()])).not.toThrow();
  });
});

describe('actionState', () => {
  const stateOf = (state: object): EpochAction => ({ state: () => state as Record<string, Float32Array> });

  it.each([
    [{ best: new Float64Array(2) }, "The state 'best' of an action is of the kind Float64Array"],
    [{ best: [1, 2] }, "The state 'best' of an action is of the kind Array"],
    [{ best: 1 }, "The state 'best' of an action is 1"],
    [{ best: undefined }, "The state 'best' of an action is undefined"],
  ])('refuses %o when the run is made, not when it is resumed', (state, message) => {
    expect(() => actionState([stateOf(state)], teacher(1))).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(message) }),
    );
  });

  it.each(['__proto__', 'toString'])('is saved and filled under the name %s', (name) => {
    const named = (value: number) => stateOf(Object.fromEntries([[name, Float32Array.of(value, 2)]]));
    const actions = actionState([named(7)], teacher(1));
    const saved = decodeCheckpoint(encodeCheckpoint({ ...sampleCheckpoint(), actions }));
    const resumed = actionState([named(0)], teacher(1), saved);
    expect(Object.entries(resumed)).toEqual([[name, Float32Array.of(7, 2)]]);
    expect(() => actionState([named(0), named(1)], teacher(1))).toThrow(/Two actions of the run keep state/);
    expect(() => actionState([named(0)], teacher(1), sampleCheckpoint())).toThrow(/has nothing for the state/);
    expect(() => actionState([stateOf({})], teacher(1), saved)).toThrow(/of an action that this run does not have/);
  });
});
