// What the zoo tells about a model without loading it.
import type { Shape } from '../quantized-model.js';

/** Accuracies as shares of 1, of the integer network. */
export interface SeedScore {
  readonly seed: number;
  /** On the training samples held out. */
  readonly validation: number;
  readonly test: number;
}

/** The best figure published for the original BitNetMCU project at this size. */
export interface PublishedFigure {
  /** Its network, in words. */
  readonly network: string;
  /** Share of 1 of the MNIST test images. */
  readonly accuracy: number;
}

export interface ZooEntry {
  readonly name: string;
  /** Operations and formats in one line, such as `conv 16, dw, pool, dw, pool (8bit); linear 64 (2bitsym), 48, 10 (4bitsym)`. */
  readonly network: string;
  /** Name of the data set, as `--data` takes it. */
  readonly dataset: string;
  readonly input: Shape;
  readonly classes: number;
  /** Packed weights, output shifts and biases. */
  readonly weightBytes: number;
  /** Buffers of activations, input and logits, as the C runtime plans them. */
  readonly ramBytes: number;
  /** Multiply-accumulates of one inference. */
  readonly macs: number;
  /** Simulation targets whose firmware of it fits, stack included. */
  readonly targets: readonly string[];
  /** Milliseconds of an inference there, in the order of `targets`, of a sample that is a quarter something and else background. */
  readonly milliseconds: readonly number[];
  /** Scores of the shipped model: of all seeds the one with the best validation. The test decided nothing. */
  readonly seed: number;
  readonly validation: number;
  readonly test: number;
  /** Every seed that was trained, the shipped one included. */
  readonly seeds: readonly SeedScore[];
  /** Mean and sample standard deviation of the test scores over the seeds; no deviation of a single one. */
  readonly testMean: number;
  readonly testDeviation?: number;
  /** Mean test score of the same layers trained without any quantization, where it was measured. */
  readonly floatCeiling?: number;
  readonly published?: PublishedFigure;
  /** Of one seed, on the machine that trained it. */
  readonly trainingSeconds: number;
  /** The training configuration, without the network (which the model is) and where files went. */
  readonly training: Readonly<Record<string, unknown>>;
  /** Trains the shipped model again, in a clone of the repository. */
  readonly command: string;
  /** Of the `.bnm` file. */
  readonly sha256: string;
}
