// A float network that others are compared with: ONNX graphs of this package and of ONNX Runtime stand behind it.

/** What a network applies to its logits before it gives them out. */
export type OutputActivation = 'softmax' | 'logSoftmax' | 'sigmoid';

/** A float network that gives logits: what stands before a softmax or sigmoid at its end, as integer networks give it. */
export interface FloatReference {
  /** As shown in tables: `onnx (float)`, `onnxruntime`. */
  readonly name: string;
  /** Samples given at once; undefined: as many as wanted. */
  readonly batch: number | undefined;
  /** What the graph makes of its logits at the end, left out here; undefined: nothing, or it is not known. */
  readonly activation?: OutputActivation | undefined;
  /** Logits of `count` preprocessed samples laid out one after another. */
  logits(samples: Float32Array, count: number): ArrayLike<number> | Promise<ArrayLike<number>>;
}
