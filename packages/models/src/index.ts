// @bitnetmcu/models: network descriptions, presets, the integer network and its reference inference. Browser-safe.
export * from './errors.js';
export { INPUT } from './graph.js';
export * from './inference.js';
export * from './network-spec.js';
export { parseNetworkSpec } from './parse-network-spec.js';
export * from './presets/presets.js';
export * from './quantized-model.js';
export { describeIssues, parseWithSchema } from './schema-issues.js';
export * from './shapes.js';
export * from './tensor-shape.js';
export * from './trained-network.js';
