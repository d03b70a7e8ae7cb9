// The actions that a configuration can name. To add one: a file beside this one, and its line here.
import { z } from 'zod';
import { unknownValue } from '../../arguments.js';
import { type ActionDefinition, type ActionMeans, refuseAction } from './action-definition.js';
import { average } from './average.js';
import type { EpochAction } from './epoch-action.js';
import { prune } from './prune.js';
import { reorder } from './reorder.js';
import { rewind } from './rewind.js';
import { switching } from './switch.js';

const ACTIONS = { average, prune, reorder, rewind, switch: switching } as const;

export const actionSchema = z.discriminatedUnion('kind', [
  average.schema,
  prune.schema,
  reorder.schema,
  rewind.schema,
  switching.schema,
]);
export type ActionSpec = z.output<typeof actionSchema>;

/** Whether a kind gives weights other values, whatever the optimizer does; an order of neurons gives none. */
const WRITES_WEIGHTS: Readonly<Record<ActionSpec['kind'], boolean>> = {
  average: false,
  prune: true,
  reorder: false,
  rewind: true,
  switch: false,
};

/** @throws TrainerError `invalid-config` where an action would change the weights of frozen layers */
function requireFrozenKept(specs: readonly ActionSpec[], frozen: readonly string[]): void {
  if (frozen.length === 0) return;
  specs.forEach((spec, i) => {
    if (!WRITES_WEIGHTS[spec.kind]) return;
    if (spec.kind === 'prune' && spec.of === 'weights' && spec.layers?.every((name) => !frozen.includes(name))) return;
    const others = spec.kind === 'prune' && spec.of === 'weights' ? ", or name the other layers as its 'layers'" : '';
    refuseAction(
      { place: `actions[${i}]` },
      `${spec.kind} changes weights, and these layers are frozen: ${frozen.join(', ')}. Leave out the action or the frozen layers${others}.`,
    );
  });
}

/** The actions of a configuration, in its order. @throws TrainerError `invalid-config` where one does not fit the run */
export function makeActions(
  specs: readonly ActionSpec[],
  { frozen = [], ...means }: Omit<ActionMeans, 'place'> & { readonly frozen?: readonly string[] | undefined },
): EpochAction[] {
  requireFrozenKept(specs, frozen);
  return specs.map((spec, i) => {
    if (!Object.hasOwn(ACTIONS, spec.kind)) throw unknownValue('action', spec as never);
    const { make } = ACTIONS[spec.kind] as unknown as ActionDefinition;
    return make(spec, { ...means, place: `actions[${i}]` });
  });
}

/** Whether the engine has to compile with masks for them. */
export function needsMasks(specs: readonly ActionSpec[] = []): boolean {
  return specs.some(({ kind }) => kind === 'prune');
}

/** Whether the network may end with another spec than it began with. */
export function changesSpec(specs: readonly ActionSpec[] = []): boolean {
  return specs.some(({ kind }) => kind === 'switch');
}

/** The epoch (0-based) before which an action made the optimizer begin anew last, of a run that stands behind so many epochs and steps; 0 where none did. */
export function lastRestart(specs: readonly ActionSpec[] = [], epoch: number, step: number): number {
  const restarts = specs.flatMap((spec) => (spec.kind === 'rewind' ? spec.at : []));
  return restarts.filter((at) => at < epoch || (at === epoch && step > 0)).reduce((a, b) => Math.max(a, b), 0);
}
