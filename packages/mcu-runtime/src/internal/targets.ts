// @bitnetmcu/mcu-runtime/internal/targets: what the packages of this project share and users do not need. Changes without notice.
export { callInferences } from '../targets/call-program.js';
export { chooseVariant } from '../targets/choose-variant.js';
export { defaultsFor } from '../targets/default-variants.js';
export { modelKey, probeInput, probeInputs, RECORDED_COMPILERS, recordedFacts } from '../targets/firmware-facts.js';
export { kernelVariants, placementFlags } from '../targets/kernel-variants.js';
export type { Part } from '../targets/part.js';
export { BOARD_PART_NAMES, type BoardPartName, boardOf, findPart, PART_NAMES, parts } from '../targets/parts.js';
export { type PlainLayer, plainLayers as layersOnPlainKernels, type Remedy } from '../targets/plain-layers.js';
export { type SimulatedFrontEnd, simulateFrontEnd } from '../targets/simulate-front-end.js';
