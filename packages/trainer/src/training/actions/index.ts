// The actions that a configuration can name. To add one: a file beside this one, and its line here.
import { z } from 'zod';
import { unknownValue } from '../../arguments.js';
import type { ActionDefinition, ActionMeans } from './action-definition.js';
import { average } from './average.js';
import type { EpochAction } from './epoch-action.js';

const ACTIONS = { average } as const;

export const actionSchema = z.discriminatedUnion('kind', [average.schema]);
export type ActionSpec = z.output<typeof actionSchema>;

/** The actions of a configuration, in its order. @throws TrainerError `invalid-config` where one does not fit the run */
export function makeActions(specs: readonly ActionSpec[], means: Omit<ActionMeans, 'place'>): EpochAction[] {
  return specs.map((spec, i) => {
    if (!Object.hasOwn(ACTIONS, spec.kind)) throw unknownValue('action', spec as never);
    const { make } = ACTIONS[spec.kind] as unknown as ActionDefinition;
    return make(spec, { ...means, place: `actions[${i}]` });
  });
}
