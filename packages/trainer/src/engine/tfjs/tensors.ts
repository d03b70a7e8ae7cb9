// The types of TensorFlow.js that this engine speaks of. Types only: the module itself is an optional peer, loaded by load-tfjs.ts.
import type * as tensorflow from '@tensorflow/tfjs';

export type Tf = typeof tensorflow;
export type Tensor = tensorflow.Tensor;
export type Tensor2D = tensorflow.Tensor2D;
export type Tensor4D = tensorflow.Tensor4D;
