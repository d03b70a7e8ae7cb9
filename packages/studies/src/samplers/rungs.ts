// Rungs of asynchronous successive halving: which short run is worth a longer one.
import { bestFirst } from '../front/crowding.js';
import type { Fitness } from '../front/domination.js';

/** A candidate's run on a rung that has ended. */
interface Ended {
  readonly candidate: number;
  readonly fitness: Fitness;
}

/**
 * ASHA (Li et al., "A system for massively parallel hyperparameter tuning", 2020): of the runs that have ended on a rung the best 1/reduction go on
 * to the next, whenever they are found out. Best is by front and crowding, which of one objective is by its size. What breaks a limit ranks behind what
 * does not; what did not come to anything goes nowhere.
 */
export class Rungs {
  readonly #ended: Ended[][];
  readonly #promoted: Set<number>[];

  constructor(
    readonly count: number,
    private readonly reduction: number,
    private readonly compared: (fitness: Fitness) => Fitness,
  ) {
    this.#ended = Array.from({ length: count }, () => []);
    this.#promoted = Array.from({ length: count }, () => new Set<number>());
  }

  ended(candidate: number, rung: number, fitness: Fitness): void {
    this.#ended[rung]!.push({ candidate, fitness });
  }

  /** Promotes one candidate, from the highest rung that has one. */
  promote(): { readonly candidate: number; readonly rung: number } | undefined {
    for (let rung = this.count - 2; rung >= 0; rung--) {
      const ended = this.#ended[rung]!;
      const promoted = this.#promoted[rung]!;
      const going = Math.floor(ended.length / this.reduction);
      const best = bestFirst(ended.map(({ fitness }) => this.compared(fitness))).slice(0, going);
      const next = best.find((i) => !promoted.has(ended[i]!.candidate) && Number.isFinite(ended[i]!.fitness.violation));
      if (next === undefined) continue;
      const { candidate } = ended[next]!;
      promoted.add(candidate);
      return { candidate, rung: rung + 1 };
    }
    return undefined;
  }

  /** By rung and objective: the factor from there to the last rung, the median over the candidates that came so far; 1 where there are none. */
  gains(objectives: number): number[][] {
    const last = new Map(this.#ended.at(-1)!.map(({ candidate, fitness }) => [candidate, fitness]));
    return this.#ended.map((ended) =>
      Array.from({ length: objectives }, (_, k) => {
        const factors = ended.flatMap(({ candidate, fitness }) => {
          const factor = (last.get(candidate)?.objectives[k] ?? Number.NaN) / fitness.objectives[k]!;
          return Number.isFinite(factor) ? [factor] : [];
        });
        return factors.sort((a, b) => a - b)[factors.length >> 1] ?? 1;
      }),
    );
  }
}
