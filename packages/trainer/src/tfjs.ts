// @bitnetmcu/trainer/tfjs: the TensorFlow.js engine and layers of one's own. Needs @tensorflow/tfjs (or tfjs-node) beside it.
export { createTfjsEngine, type TfjsEngine, type TfjsEngineOptions } from './engine/tfjs/create-tfjs-engine.js';
export type { CustomLayer, CustomLayerContext, CustomLayers, CustomParameter } from './engine/tfjs/layers/custom.js';
export type { TfjsBackend } from './engine/tfjs/runtime.js';
export type { Tensor, Tf } from './engine/tfjs/tensors.js';
