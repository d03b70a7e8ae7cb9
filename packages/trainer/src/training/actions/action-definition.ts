// What an action of a configuration is: one record a kind, its schema and how an action of the run is made of it.
import type { z } from 'zod';
import type { TrainableNetwork } from '../../engine/engine.js';
import { TrainerError } from '../../errors.js';
import type { RecompilableNetwork } from '../recompilable-network.js';
import type { EpochAction } from './epoch-action.js';

/** What an action is made with, besides what the configuration says of it. */
export interface ActionMeans {
  /** Where it stands in the configuration, for messages and for the names of its state: `actions[0]`. */
  readonly place: string;
  readonly epochs: number;
  readonly seed: number;
  /** The network of the run, freshly compiled or restored. */
  readonly network: RecompilableNetwork;
  /** The same network with the first weights of another seed; whoever asks disposes of it. */
  compile(seed: number): TrainableNetwork;
}

export interface ActionDefinition<S extends z.ZodObject = z.ZodObject> {
  readonly schema: S;
  /** @throws TrainerError `invalid-config` where it does not fit the run */
  make(spec: z.output<S>, means: ActionMeans): EpochAction;
}

export function defineAction<S extends z.ZodObject>(schema: S, make: ActionDefinition<S>['make']): ActionDefinition<S> {
  return { schema, make };
}

/** @throws TrainerError `invalid-config`, with the place of the action in front */
export function refuseAction({ place }: Pick<ActionMeans, 'place'>, problem: string): never {
  throw new TrainerError('invalid-config', `${place}: ${problem}`);
}
