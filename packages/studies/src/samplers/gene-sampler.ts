// The sampler behind random search, successive halving and evolution: a proposer of points, rungs, and the bookkeeping that makes it deterministic.
import { Random, type TrainingConfig } from '@bitnetmcu/trainer';
import { StudyError } from '../errors.js';
import type { Fitness } from '../front/domination.js';
import type { RunRecord } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';
import type { Proposer, Tried } from './proposers.js';
import { Rungs } from './rungs.js';
import type { Sampler } from './sampler.js';
import type { Genes } from './space.js';

export interface GeneSamplerOptions {
  /** How many runs there are at most, short ones included. */
  readonly runs: number;
  /** Of all that is drawn; default 1. */
  readonly seed?: number | undefined;
  /** How many runs may be under way: see `Sampler`; default 8. */
  readonly lag?: number | undefined;
  /** Points that are tried first, in their order. */
  readonly start?: readonly Genes[] | undefined;
  /** The run of a point with all its epochs; undefined where the point is none that could be run. */
  decode(genes: Genes): RunRequest | undefined | Promise<RunRequest | undefined>;
  /** What a finished run came to. Of a failed one it is not asked. */
  fitness(record: Extract<RunRecord, { status: 'finished' }>): Fitness;
}

export interface RungOptions {
  /** Shares of a run's epochs, rising, the last 1; default [1/9, 1/3, 1]. Each rung is trained from its own start with its own schedule. */
  readonly rungs?: readonly number[] | undefined;
  /**
   * In place of `rungs`: every rung is another held-out part, by the split seeds that follow that of the run, and what a candidate came to is the
   * mean over its rungs. For few samples, of which one part says little.
   */
  readonly splits?: number | undefined;
  /** One of so many goes on to the next rung; default 3. */
  readonly reduction?: number | undefined;
}

/** One that was begun: the candidate's number and rung. */
interface Issued {
  readonly candidate: number;
  readonly rung: number;
}

/** A point that was begun. */
interface Candidate {
  readonly genes: Genes;
  /** With all epochs. */
  readonly request: RunRequest;
  /** By rung; those that were passed over are missing. */
  readonly results: Fitness[];
  fitness?: Fitness;
  /** The highest one that ended. */
  rung: number;
}

/** Points that are drawn in a row without one that is new and can be run, before the space counts as exhausted. */
const MOST_DRAWS = 500;
const NOTHING: Fitness = { objectives: [], violation: Number.POSITIVE_INFINITY };

export class GeneSampler implements Sampler {
  readonly lag: number;
  readonly #options: GeneSamplerOptions;
  readonly #propose: Proposer;
  /** By rung: the run that a candidate makes there. */
  readonly #variants: readonly ((request: RunRequest) => RunRequest)[];
  readonly #isMean: boolean;
  readonly #rungs: Rungs;
  readonly #issued: Issued[] = [];
  readonly #told: RunRecord[] = [];
  readonly #candidates: Candidate[] = [];
  readonly #seen = new Set<string>();
  readonly #start: Genes[];
  /** Results that requests may depend on already. */
  #known = 0;
  /** Whether no new point is left. */
  #exhausted = false;

  /** @param compared what runs that are not the last of their candidate are compared by, of what they came to; default: that itself */
  constructor(
    propose: Proposer,
    options: GeneSamplerOptions & RungOptions,
    compared: (fitness: Fitness) => Fitness = (fitness) => fitness,
  ) {
    const { lag = 8, rungs = [1], splits, reduction = 3 } = options;
    requireCount('lag', lag);
    requireCount('runs', options.runs);
    if (splits !== undefined) requireCount('splits', splits);
    if (!(reduction > 1)) throw invalid('reduction', reduction, 'more than 1');
    if (!rungs.every((share, i) => share > (rungs[i - 1] ?? 0)) || rungs.at(-1) !== 1)
      throw invalid('rungs', rungs, 'rising shares whose last is 1');
    this.lag = lag;
    this.#options = options;
    this.#propose = propose;
    this.#start = [...(options.start ?? [])];
    this.#isMean = splits !== undefined;
    this.#variants =
      splits === undefined
        ? rungs.map((share) => (request) => atShare(request, share))
        : Array.from({ length: splits }, (_, split) => (request) => atSplit(request, split));
    this.#rungs = new Rungs(this.#variants.length, reduction, compared);
  }

  async next(): Promise<RunRequest | undefined> {
    const number = this.#issued.length;
    if (number >= this.#options.runs) return undefined;
    if (this.#exhausted) return this.#remaining();
    const wanted = Math.max(0, number - this.lag + 1);
    if (this.#told.length < wanted) {
      throw new StudyError(
        'invalid-argument',
        `Run ${number} depends on the results of ${wanted} runs, of which ${this.#told.length} were told: at most ${this.lag} runs under way wanted. Wait for one to end.`,
      );
    }
    while (this.#known < wanted) this.#learn(this.#known++);
    return this.#promoted() ?? (await this.#fresh(number)) ?? this.#remaining();
  }

  /** From here on nothing new is begun: what was is brought to the last rung as far as it is among the best. */
  finish(): void {
    this.#exhausted = true;
  }

  tell(record: RunRecord): void {
    if (this.#told.length >= this.#issued.length) {
      throw new StudyError(
        'invalid-argument',
        `Result ${this.#told.length} was told, but ${this.#issued.length} runs were given: one result of each run wanted, in their order.`,
      );
    }
    this.#told.push(record);
  }

  #learn(index: number): void {
    const record = this.#told[index]!;
    const { candidate: number, rung } = this.#issued[index]!;
    const fitness = record.status === 'finished' ? this.#options.fitness(record) : NOTHING;
    const candidate = this.#candidates[number]!;
    candidate.results[rung] = fitness;
    const known = this.#isMean ? meanOf(candidate.results) : candidate.results.at(-1)!;
    candidate.fitness = known;
    candidate.rung = candidate.results.length - 1;
    this.#rungs.ended(number, rung, known);
  }

  #promoted(): RunRequest | undefined {
    const promoted = this.#rungs.promote();
    if (promoted === undefined) return undefined;
    return this.#issue(promoted);
  }

  /** The run of a candidate on a rung; where few epochs make the runs of several rungs the same, it is that of the highest of them. */
  #issue({ candidate, rung }: Issued): RunRequest {
    const { request } = this.#candidates[candidate]!;
    const run = this.#variants[rung]!(request);
    const text = JSON.stringify(run);
    let highest = rung;
    while (JSON.stringify(this.#variants[highest + 1]?.(request)) === text) highest++;
    this.#issued.push({ candidate, rung: highest });
    return run;
  }

  /** The first point that is new and can be run, by random numbers of this run's own. */
  async #fresh(number: number): Promise<RunRequest | undefined> {
    const random = Random.of(this.#options.seed ?? 1, number);
    const propose = this.#propose(this.#tried());
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const genes = this.#start.shift() ?? propose(random);
      const request = await this.#options.decode(genes);
      if (request === undefined) continue;
      const text = JSON.stringify(request);
      if (this.#seen.has(text)) continue;
      this.#seen.add(text);
      this.#candidates.push({ genes, request, rung: 0, results: [] });
      return this.#issue({ candidate: this.#candidates.length - 1, rung: 0 });
    }
    this.#exhausted = true;
    return undefined;
  }

  /** Of an exhausted space: what goes on to higher rungs. More is learned only when all is told, so that it does not matter what ends first. */
  #remaining(): RunRequest | undefined {
    const next = this.#promoted();
    if (next !== undefined || this.#told.length < this.#issued.length) return next;
    while (this.#known < this.#told.length) this.#learn(this.#known++);
    return this.#promoted();
  }

  /**
   * What is known of the candidates that came to something, each by its longest run. Of short runs objectives are those to be expected of long ones,
   * as short and long ones of the same candidates are compared.
   */
  #tried(): Tried[] {
    const known = this.#candidates.flatMap(({ genes, fitness, rung }) =>
      fitness === undefined || fitness.objectives.length === 0 ? [] : [{ genes, fitness, rung }],
    );
    const gains = this.#rungs.gains(known[0]?.fitness.objectives.length ?? 0);
    return known.map(({ genes, fitness, rung }) => ({
      genes,
      fitness: {
        ...fitness,
        objectives: fitness.objectives.map((value, k) => (this.#isMean ? value : value * gains[rung]![k]!)),
      },
    }));
  }
}

/** The run with this share of its epochs. */
function atShare(request: RunRequest, share: number): RunRequest {
  if (share === 1) return request;
  const config: TrainingConfig = { ...request.config, epochs: Math.max(1, Math.round(share * request.config.epochs)) };
  return { ...request, config };
}

/** The run with another held-out part. */
function atSplit(request: RunRequest, split: number): RunRequest {
  if (split === 0) return request;
  const { config } = request;
  return { ...request, config: { ...config, splitSeed: (config.splitSeed ?? config.seed) + split } };
}

/** Objectives in the mean; what one run broke is broken. */
function meanOf(results: readonly Fitness[]): Fitness {
  const failed = results.find(({ objectives }) => objectives.length === 0);
  if (failed) return failed;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    objectives: results[0]!.objectives.map((_, k) => mean(results.map(({ objectives }) => objectives[k]!))),
    violation: mean(results.map(({ violation }) => violation)),
  };
}

function requireCount(name: string, value: number): void {
  if (value >= 1 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return;
  throw invalid(name, value, 'a whole number of at least 1');
}

function invalid(name: string, found: unknown, wanted: string): StudyError {
  return new StudyError('invalid-argument', `The sampler's ${name} is ${String(found)}: ${wanted} wanted.`);
}
