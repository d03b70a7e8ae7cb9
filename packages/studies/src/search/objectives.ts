// What of a network is to be made small.
import type { Fitness } from '../front/domination.js';
import type { NetworkCosts } from './budget.js';

const COSTS = {
  weights: ({ weightBytes }: NetworkCosts) => weightBytes,
  flash: ({ flashBytes }: NetworkCosts) => flashBytes,
  ram: ({ ramBytes }: NetworkCosts) => ramBytes,
  cycles: ({ cycles = Number.POSITIVE_INFINITY }: NetworkCosts) => cycles,
} as const;

/** What a network takes of a part. */
export type Objective = keyof typeof COSTS;

export interface Objectives {
  readonly objectives?: readonly Objective[] | undefined;
  readonly minAccuracy?: number | undefined;
}

/** The error on the held-out samples, then what the network takes; it is a violation to be less accurate than wanted. */
export function objectivesOf({ objectives = ['flash', 'ram', 'cycles'], minAccuracy = 0 }: Objectives) {
  return (accuracy: number, costs: NetworkCosts): Fitness => ({
    objectives: [1 - accuracy, ...objectives.map((name) => COSTS[name](costs))],
    violation: Math.max(0, minAccuracy - accuracy),
  });
}

/** What is compared of short runs: that they are less accurate than is wanted of long ones says nothing against them. */
export function comparedShort({ objectives, violation }: Fitness): Fitness {
  return { objectives, violation: Number.isFinite(violation) ? 0 : violation };
}
