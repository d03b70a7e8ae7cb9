// Every ONNX operator that is evaluated here, under its own name: this module is the registry.
export {
  Clip,
  Elu,
  Erf,
  Gelu,
  HardSigmoid,
  HardSwish,
  LeakyRelu,
  LogSoftmax,
  Mish,
  PRelu,
  Relu,
  Selu,
  Sigmoid,
  Softmax,
  Softplus,
  Tanh,
} from './activation.js';
export {
  Abs,
  Add,
  Ceil,
  Div,
  Equal,
  Exp,
  Floor,
  Greater,
  Less,
  Log,
  Max,
  Min,
  Mul,
  Neg,
  Pow,
  Reciprocal,
  Round,
  Sign,
  Sqrt,
  Sub,
  Where,
} from './arithmetic.js';
export { Cast, Constant, ConstantOfShape } from './constant.js';
export { Conv } from './convolution.js';
export { Gemm, MatMul } from './matrix.js';
export { BatchNormalization, Dropout } from './normalization.js';
export { AveragePool, GlobalAveragePool, GlobalMaxPool, MaxPool } from './pooling.js';
export { DequantizeLinear, QuantizeLinear } from './quantization.js';
export { ReduceL1, ReduceL2, ReduceMax, ReduceMean, ReduceMin, ReduceProd, ReduceSum } from './reduction.js';
export {
  Concat,
  Expand,
  Flatten,
  Gather,
  Identity,
  Pad,
  Reshape,
  Shape,
  Slice,
  Squeeze,
  Transpose,
  Unsqueeze,
} from './shape.js';
