// @bitnetmcu/mcu-runtime/internal: what the packages of this project share and users do not need. Changes without notice.
export { type CallTable, type FrontEndCall, type FrontEndPlan, planFrontEnd } from '../front-end/calls.js';
export { chainFunction, type LinearKernel, linearKernel, listFunction, unpackFunction } from '../layout/kernels.js';
export { getLayout, layouts } from '../layout/layouts.js';
export { type BufferPlan, planBuffers } from '../lowering/buffer-plan.js';
export type { ConvChainStep } from '../lowering/conv-chain.js';
export type { ConvLayerStep } from '../lowering/conv-layer.js';
export type { ConvPatchesStep } from '../lowering/conv-patches.js';
export type { Conv2dStep } from '../lowering/conv2d.js';
export type { LinearStep } from '../lowering/linear.js';
export type { LookupStep } from '../lowering/lookup.js';
export { lowerModel } from '../lowering/lower-model.js';
export type { Pool2dStep } from '../lowering/pool2d.js';
export type { ChannelsStep, KernelStep, Program, Step } from '../lowering/program.js';
export type { Buffer, LayerTables } from '../lowering/step.js';
export { elementTypes } from '../lowering/steps.js';
export { type ComputeFrontEnd, loadWasmFrontEnd } from '../wasm/wasm-front-end.js';
