// What happens around the steps of an epoch, as values that compose: the loop knows none of them.
import { nearestName } from '@bitnetmcu/quant/internal';
import type { Samples, TrainableNetwork } from '../../engine/engine.js';
import { TrainerError } from '../../errors.js';
import type { EpochMetrics } from '../metrics.js';
import type { StepInterruption } from '../train-epoch.js';

export interface EpochContext {
  readonly network: TrainableNetwork;
  /** 0-based. */
  readonly epoch: number;
  readonly epochs: number;
}

export interface StepContext extends EpochContext {
  /** Steps of the epoch that are done, from 1 on. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
}

/**
 * What happens around the steps of an epoch besides them. Called in the order of the list; a rejected promise ends the run with its error.
 *
 * @example The mean of the weights over the epochs (stochastic weight averaging, Izmailov et al. 2018, arXiv:1803.05407)
 * ```ts
 * function averageWeights(): EpochAction & { readonly averages: Record<string, Float32Array> } {
 *   const averages: Record<string, Float32Array> = {};
 *   return {
 *     averages,
 *     state({ parameters }) {
 *       for (const [name, values] of Object.entries(parameters)) averages[`average.${name}`] = new Float32Array(values.length);
 *       return averages;
 *     },
 *     epochEnded({ network, epoch }) {
 *       for (const [name, values] of Object.entries(network.parameters)) {
 *         const average = averages[`average.${name}`]!;
 *         for (let i = 0; i < values.length; i++) average[i]! += (values[i]! - average[i]!) / (epoch + 1);
 *       }
 *     },
 *   };
 * }
 * ```
 */
export interface EpochAction {
  /**
   * What the action must remember for a run to be resumed to the bit: live arrays, by names that no other action of the run uses. Asked for once,
   * when the network has its first weights; checkpoints hold the arrays as they are after an epoch or at an interruption, and a run that is
   * resumed with the same actions fills them from there.
   */
  state?(network: TrainableNetwork): Readonly<Record<string, Float32Array>>;
  /** After the epoch's samples were made resident under `name`; again when an epoch is resumed in its middle. */
  samplesLoaded?(context: EpochContext, name: string, samples: Samples): void | Promise<void>;
  /** Before the first step of an epoch; not when it is resumed in its middle: what it changes must be in parameters or state. */
  epochStarted?(context: EpochContext): void | Promise<void>;
  /** After every step of the run whose number, counted from 1 on, is a multiple of `stepInterval`. Not asynchronous: training waits for it. */
  stepped?(context: StepContext): void;
  /** A whole number ≥ 1, default 1. */
  readonly stepInterval?: number | undefined;
  /** After the last step of an epoch and before validation, which sees what it changes. */
  epochTrained?(context: EpochContext): void | Promise<void>;
  /** After the last step and validation. */
  epochEnded?(context: EpochContext, metrics: EpochMetrics): void | Promise<void>;
  /** When the run is closed. */
  close?(): void | Promise<void>;
}

const HOOKS = [
  'state',
  'samplesLoaded',
  'epochStarted',
  'stepped',
  'epochTrained',
  'epochEnded',
  'close',
] as const satisfies (keyof EpochAction)[];

/**
 * Actions may have members of their own; what looks like a misspelt one of the run's is none.
 * @throws TrainerError `invalid-argument` for what is no action: without any of its functions, with something else in place of one, or with a
 * function whose name is nearly that of one
 */
export function requireActions(actions: readonly EpochAction[]): void {
  actions.forEach((action: unknown, i) => {
    const wrong = whyNoAction(action);
    if (wrong !== undefined) {
      throw new TrainerError(
        'invalid-argument',
        `actions[${i}]: ${wrong} An action has one or more of the functions ${HOOKS.join(', ')}.`,
      );
    }
  });
}

function whyNoAction(action: unknown): string | undefined {
  if (typeof action !== 'object' || action === null) return `${String(action)} is no action.`;
  const members = action as Readonly<Record<string, unknown>>;
  const given = HOOKS.filter((hook) => members[hook] !== undefined);
  const noFunction = given.find((hook) => typeof members[hook] !== 'function');
  if (noFunction !== undefined) return `its '${noFunction}' is no function.`;
  const { stepInterval } = members;
  if (stepInterval !== undefined && !(Number.isInteger(stepInterval) && (stepInterval as number) >= 1)) {
    return `its 'stepInterval' is ${String(stepInterval)}, a whole number ≥ 1 wanted.`;
  }
  const own = Object.keys(members).filter((key) => !HOOKS.some((hook) => hook === key));
  for (const key of own) {
    const meant = typeof members[key] === 'function' ? nearestName(key, HOOKS) : undefined;
    if (meant !== undefined) return `it has the function '${key}', which the run never calls; did you mean '${meant}'?`;
  }
  return given.length > 0 ? undefined : 'it does nothing.';
}

/** The actions of a list that act between steps. */
export function stepInterruptions(actions: readonly EpochAction[], context: EpochContext): StepInterruption[] {
  return actions
    .filter(({ stepped }) => stepped !== undefined)
    .map((action) => ({
      interval: action.stepInterval ?? 1,
      act: (step, steps) => action.stepped?.({ ...context, step, steps }),
    }));
}
