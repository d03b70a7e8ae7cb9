// What is known of one run when it has ended: one line of the records' JSON lines.
import type { EngineInfo, EpochMetrics, Score } from '@bitnetmcu/trainer';
import type { HiddenCodes } from './hidden-codes.js';
import type { RunRequest } from './run-request.js';

/** Of an integer network: its logits are of no unit in which a loss would compare. */
export type IntegerScore = Omit<Score, 'loss'>;

/** What a part makes of a run's integer network, by the simulator. */
export interface TargetFigures {
  readonly target: string;
  /** Whether firmware with it fits the part's flash and RAM. */
  readonly fits: boolean;
  /** Of firmware, in bytes, as far as they are known without a compiler. */
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** Mean of an inference; absent where it does not fit. */
  readonly cycles?: number | undefined;
  /** Dense worst case; absent where it does not fit, and in records of before. */
  readonly worstCycles?: number | undefined;
  readonly milliseconds?: number | undefined;
}

/** A run that ended well. Plain JSON. */
export interface FinishedRun {
  readonly status: 'finished';
  /** SHA-256, hexadecimal, of what decides the run: request, data set and what of the engine decides results. */
  readonly key: string;
  readonly request: RunRequest;
  readonly dataset: { readonly name: string; readonly sha256: string };
  readonly epochs: readonly EpochMetrics[];
  /** Of the float network as trained and of the integer network on the held-out samples; absent without a validation split. */
  readonly validation?: { readonly float: Score; readonly integer: IntegerScore } | undefined;
  /** SHA-256, hexadecimal, of the numbers of the held-out samples (32 bits each, little-endian); absent where none are, and in records of before. */
  readonly heldOut?: string | undefined;
  /** Of the integer network on the test part; absent where the request does not ask for it. */
  readonly test?: IntegerScore | undefined;
  /** Of the float network as trained on the test part; there with `test`. */
  readonly floatTest?: Score | undefined;
  /** Share of the integer network's activations above zero on samples of the test part; there with `test`, where layers follow one another. */
  readonly activity?: number | undefined;
  /** By sample of the test part (or, without, of the held-out samples): whether the integer network is right, as `packRight` writes it (count, colon, bits in base64). For McNemar's test. */
  readonly right?: string | undefined;
  readonly weightBytes: number;
  /** What coders could make of the weights of the integer network; absent where it has no hidden linear layers, and in records of before. */
  readonly hiddenCodes?: HiddenCodes | undefined;
  readonly targets: readonly TargetFigures[];
  /** SHA-256 of the `.bnm`, whose file is named by it; absent of a network that is judged as it is trained. */
  readonly model?: string | undefined;
  readonly seconds: number;
  readonly engine: EngineInfo;
  readonly versions: Readonly<Record<string, string>>;
  /** Who ran it: host name and process; never an address or credential. */
  readonly worker: string;
  /** ISO 8601, UTC. */
  readonly ended: string;
}

/** A run that did not: what stopped it, and how often it was tried. */
export interface FailedRun {
  readonly status: 'failed';
  readonly key: string;
  readonly request: RunRequest;
  readonly reason: 'error' | 'crashed' | 'out-of-memory' | 'timeout';
  readonly message: string;
  /** Of the error that the run ended with, where it was one of these packages. */
  readonly code?: string | undefined;
  readonly attempts: number;
  readonly worker: string;
  readonly ended: string;
}

export type RunRecord = FinishedRun | FailedRun;
