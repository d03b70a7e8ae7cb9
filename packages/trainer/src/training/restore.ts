// Live arrays and their copies in a checkpoint: what a network and the actions of a run hold between two steps.
import { isClipGate } from '../engine/clip-gate.js';
import type { TrainableNetwork } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import type { EpochAction } from './actions/epoch-action.js';
import type { Checkpoint } from './checkpoint.js';

type Arrays = Readonly<Record<string, Float32Array>>;

/**
 * Parameters and state as they were. A checkpoint from before the gates of learned clipping scalars were part of the state goes on with
 * those of its epoch, which are what they were when it was written.
 * @throws TrainerError `checkpoint-mismatch` where the network has other parameters or state than the checkpoint.
 */
export function restoreNetwork(
  network: TrainableNetwork,
  { network: { parameters }, state, epoch }: Pick<Checkpoint, 'network' | 'state' | 'epoch'>,
): void {
  const wants = 'the engine wants';
  const remedy = 'Was it written by another version?';
  const gates = Object.entries(network.state).filter(([key]) => isClipGate(key) && !Object.hasOwn(state, key));
  if (gates.length > 0) network.updateClipping(epoch);
  fill(network.parameters, parameters, { what: 'parameter', wants, remedy });
  fill(network.state, { ...state, ...copies(Object.fromEntries(gates)) }, { what: 'state', wants, remedy });
}

/**
 * The state of all actions under one roof, filled from a checkpoint where there is one.
 * @throws TrainerError `invalid-argument` where two actions use one name or a state is no Float32Array, `checkpoint-mismatch` where the checkpoint has the state of other actions
 */
export function actionState(actions: readonly EpochAction[], network: TrainableNetwork, from?: Checkpoint): Arrays {
  const found = new Map<string, Float32Array>();
  for (const action of actions) {
    for (const [key, value] of Object.entries(action.state?.(network) ?? {})) {
      if (found.has(key)) {
        throw new TrainerError(
          'invalid-argument',
          `Two actions of the run keep state under the name '${key}'. Give one of them another name.`,
        );
      }
      const values: unknown = value;
      if (!(values instanceof Float32Array)) {
        throw new TrainerError(
          'invalid-argument',
          `The state '${key}' of an action is ${kindOf(values)}, which a checkpoint could not hold. Keep it as a Float32Array.`,
        );
      }
      found.set(key, values);
    }
  }
  const state = Object.fromEntries(found);
  if (from === undefined) return state;
  const remedy = 'Resume with the actions of the run that wrote it.';
  const saved = from.actions ?? {};
  fill(state, saved, { what: 'state of an action', wants: 'the action wants', remedy });
  const foreign = Object.keys(saved).find((key) => !Object.hasOwn(state, key));
  if (foreign !== undefined) {
    throw new TrainerError(
      'checkpoint-mismatch',
      `The checkpoint has the state '${foreign}' of an action that this run does not have. ${remedy}`,
    );
  }
  return state;
}

function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `of the kind ${value.constructor?.name ?? 'Object'}`
    : String(value);
}

/** Whether the network of a checkpoint was compiled with masks. */
export function hasMasks({ network: { parameters } }: Pick<Checkpoint, 'network'>): boolean {
  return Object.keys(parameters).some((key) => key.endsWith('.mask'));
}

/** Copies of live arrays, for a checkpoint. */
export function copies(views: Arrays): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(views).map(([key, view]) => [key, view.slice()]));
}

interface Wording {
  readonly what: string;
  readonly wants: string;
  readonly remedy: string;
}

function fill(views: Arrays, saved: Arrays, { what, wants, remedy }: Wording): void {
  for (const [key, view] of Object.entries(views)) {
    const values = Object.hasOwn(saved, key) ? saved[key] : undefined;
    if (values?.length !== view.length) {
      throw new TrainerError(
        'checkpoint-mismatch',
        `The checkpoint has ${values ? `${values.length} values` : 'nothing'} for the ${what} ${key}; ${wants} ${view.length}. ${remedy}`,
      );
    }
    view.set(values);
  }
}
