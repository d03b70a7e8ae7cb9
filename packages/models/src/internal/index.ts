// @bitnetmcu/models/internal: what the packages of this project share and users do not need. Changes without notice.

export { AccumulatorOverflow } from '../accumulator.js';
export { BoundsProof } from '../accumulator-bounds.js';
export type { Arithmetic } from '../activations/arithmetic.js';
export {
  ACTIVATION_NAMES,
  ACTIVATIONS,
  type ActivationName,
  activationOf,
  applyActivation,
} from '../activations/index.js';
export { type ChannelBlocks, type ChannelGroup, channelGroups, channelPaths } from '../channel-groups.js';
export { chooseGroups } from '../choice-of-groups.js';
export { compactNetwork, isMasked } from '../compact-network.js';
export { BNM_FORMAT } from '../files/bnm.js';
export { type ContainerFormat, decodeContainer, encodeContainer } from '../files/container.js';
export { crc32 } from '../files/crc32.js';
export { TRAINED_NETWORK_FORMAT } from '../files/trained-network-file.js';
export {
  type Band,
  type Biquad,
  COEFFICIENT_BITS,
  channelNames,
  computeFrame,
  computeFrontEnd,
  copyFrame,
  designBiquad,
  FEATURES,
  type Feature,
  type FeatureType,
  type Filter,
  type FrontEnd,
  featureNames,
  featureOf,
  frontEndSchema,
  frontEndShape,
  MAX_BAND_WEIGHT,
  MAX_CHANNELS,
  type MelRange,
  melBands,
  powerBands,
  powerShift,
  QUARTER_SINE,
  requireFrontEnd,
  windowOf,
} from '../front-end/index.js';
export { INPUT } from '../graph.js';
export { argmax, classCount } from '../inference.js';
export { keptSampleLimit } from '../kept-samples.js';
export { LAYER_MEANINGS } from '../layers/index.js';
export {
  CONFIG_LIMITS,
  CONTAINER_LIMITS,
  MAX_ACTIVATIONS,
  MAX_FILE_BYTES,
  MAX_LABEL_LENGTH,
  MAX_LABELS,
  MAX_LAYERS,
  MAX_NODES,
  MAX_SECTIONS,
  MAX_SHOWN_ISSUES,
  MAX_WEIGHTS,
  SPEC_LIMITS,
} from '../limits.js';
export { namesFromFile } from '../names-from-file.js';
export { networkParameters, validateTrainedNetwork } from '../network-parameters.js';
export { preprocessingSchema } from '../network-spec.js';
export type { AddNode } from '../ops/add.js';
export { type AvgPool2dNode, meanFactor } from '../ops/avg-pool2d.js';
export type { ConcatNode } from '../ops/concat.js';
export type { Conv2dNode } from '../ops/conv2d.js';
export type { CropNode } from '../ops/crop.js';
export type { FlattenNode } from '../ops/flatten.js';
export { NODE_OPS, OP_MEANINGS, type WeightedNode } from '../ops/index.js';
export type { LinearNode } from '../ops/linear.js';
export type { LookupNode } from '../ops/lookup.js';
export type { MaxAbsNormNode } from '../ops/max-abs-norm.js';
export type { MaxPool2dNode } from '../ops/max-pool2d.js';
export type { ReluShiftNode } from '../ops/relu-shift.js';
export type { RequantizeNode } from '../ops/requantize.js';
export { normalizeByRms, type RmsNormNode } from '../ops/rms-norm.js';
export type { ShiftNormNode } from '../ops/shift-norm.js';
export type { TopGroupsNode } from '../ops/top-groups.js';
export type { TopReluNode } from '../ops/top-relu.js';
export { nodeIntegers } from '../ops/weights.js';
export {
  anomalyScore,
  answerRange,
  DEFAULT_QUANTILE,
  type Decision,
  decide,
  decisionNumber,
  type LogitScale,
  MAX_ANOMALY_INPUTS,
  MAX_MASK_LABELS,
  type ModelOutput,
  type ModelOutputOf,
  makeLogitScale,
  type OutputSpec,
  scaleLogit,
  TASKS,
  type Task,
  taskOf,
} from '../output/index.js';
export { type Preset, type PresetName, presets } from '../presets/presets.js';
export type { QuantizedWeights } from '../quantized-weights.js';
export { type Norm, quantizerSchema } from '../quantizer-schema.js';
export {
  countClamped,
  log2Fixed,
  makeRawFeature,
  quantizeRawValue,
  RAW_PREPROCESSING,
  RAW_SCALE,
  RAW_TYPE_RANGES,
  RAW_TYPES,
  type RawFeature,
  type RawInput,
  type RawType,
  roundToDecimals,
  toRawIntegers,
} from '../raw-input/index.js';
export { recordedData, recordedOnnx } from '../recorded-origin.js';
export { ReferenceModel } from '../reference-inference.js';
export { resolveModel, weightMatrix } from '../resolve-model.js';
export { parseWithSchema, showIssues } from '../schema-issues.js';
export { MAX_PADDING, MAX_WINDOW, nameSchema } from '../schema-parts.js';
export { isWeighted, outputCount, type WeightedLayer, weightDimensions } from '../shapes.js';
export { MAX_MEAN_ELEMENTS } from '../spatial-shapes.js';
export { kilobytes } from '../summary/format-summary.js';
export { elementCount, formatShape, type Pair, sameShape, type TensorType } from '../tensor-shape.js';
export { visibleJson, visibleLines, visibleText } from '../visible-text.js';
export { xmlText } from '../xml-text.js';
