// @bitnetmcu/models: network descriptions, presets, the integer network and its reference inference. Browser-safe.
export { type NodeBounds, proveAccumulatorBounds } from './accumulator-bounds.js';
export { ModelError, type ModelErrorCode, type SchemaIssue } from './errors.js';
export { decodeBnm, encodeBnm } from './files/bnm.js';
export { decodeTrainedNetwork, encodeTrainedNetwork } from './files/trained-network-file.js';
export { classOf, type InferenceBackend, type LoadedModel } from './inference.js';
export type { Range } from './intervals.js';
export { networkSpecJsonSchema } from './json-schema.js';
export type { LayerType } from './layers/index.js';
export {
  type Layer,
  type LayerOf,
  type NetworkSpec,
  type NetworkSpecInput,
  networkSpecSchema,
  type Preprocessing,
} from './network-spec.js';
export type { NodeOf, NodeOp, QuantizedNode } from './ops/index.js';
export { parseNetworkSpec } from './parse-network-spec.js';
export { buildPreset, PRESET_NAMES, type PresetOptions } from './presets/presets.js';
export { quantizeInput } from './quantize-input.js';
export type { OnnxOrigin, Provenance, QuantizedModel } from './quantized-model.js';
export type { Quantizer } from './quantizer-schema.js';
export { quantizeRaw, type RawFeature, type RawInput } from './raw-input/index.js';
export { ReferenceInference, type ReferenceModel, type TracedTensor } from './reference-inference.js';
export { type ResolvedNode, validateQuantizedModel } from './resolve-model.js';
export { inferShapes, type ResolvedLayer } from './shapes.js';
export { formatSummary } from './summary/format-summary.js';
export { type LayerSummary, type NetworkSummary, summarizeModel, summarizeSpec } from './summary/summary.js';
export type { Shape } from './tensor-shape.js';
export type { TrainedNetwork } from './trained-network.js';
