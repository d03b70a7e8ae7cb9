// What one run of a study is: everything that decides its result, and nothing else.
import type { TrainingConfig } from '@bitnetmcu/trainer';

export interface RunRequest {
  /** What is trained, defaults filled in; without an output folder. Its seed and split seed are in it. */
  readonly config: TrainingConfig;
  /** Parts of which cycles, flash and RAM are wanted, in the order of the record; none: weights alone. */
  readonly targets: readonly string[];
  /** Whether the test part is evaluated, with the integer network. Searches leave it alone until the end. */
  readonly test: boolean;
  /** Whether the network is judged as it is trained, and alone so: for what has no integer form. Parts are then left out. */
  readonly float?: boolean | undefined;
}
