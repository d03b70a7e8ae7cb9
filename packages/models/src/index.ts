// @bitnetmcu/models: network descriptions, presets, the integer network and its reference inference. Browser-safe.

export * from './accumulator-bounds.js';
export type { Activation } from './activations/activation.js';
export { type Arithmetic, FLOAT_ARITHMETIC } from './activations/arithmetic.js';
export * from './activations/index.js';
export * from './errors.js';
export * from './files/bnm.js';
export * from './files/container.js';
export { crc32 } from './files/crc32.js';
export * from './files/trained-network-file.js';
export { INPUT } from './graph.js';
export * from './inference.js';
export { networkSpecJsonSchema } from './json-schema.js';
export { meanFactor } from './kernels/pool.js';
export * from './limits.js';
export { type FileNames, namesFromFile } from './names-from-file.js';
export * from './network-parameters.js';
export * from './network-spec.js';
export { parseNetworkSpec } from './parse-network-spec.js';
export * from './presets/presets.js';
export * from './quantize-input.js';
export * from './quantized-model.js';
export * from './recorded-origin.js';
export * from './reference-inference.js';
export {
  nodeIntegers,
  type ResolvedNode,
  resolveModel,
  type TensorType,
  validateQuantizedModel,
  type WeightedNode,
  weightMatrix,
} from './resolve-model.js';
export { parseWithSchema, showIssues } from './schema-issues.js';
export * from './shapes.js';
export { MAX_MEAN_ELEMENTS } from './spatial-shapes.js';
export * from './summary/format-summary.js';
export { type MemoryStep, peakMemory } from './summary/peak-memory.js';
export * from './summary/summary.js';
export * from './tensor-shape.js';
export * from './trained-network.js';
export { visibleJson, visibleLines, visibleText } from './visible-text.js';
