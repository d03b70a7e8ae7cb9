// @bitnetmcu/mcu-runtime: model images for the C runtime, and that runtime as WebAssembly. Browser-safe.
export { RuntimeError, type RuntimeErrorCode } from './errors.js';
export { chainFunction, type LinearKernel, linearKernel, listFunction, unpackFunction } from './layout/kernels.js';
export { getLayout, LAYOUT_NAMES, type LayoutName, layouts } from './layout/layouts.js';
export type { WeightLayout, WeightPacker } from './layout/weight-layout.js';
export { type BufferPlan, planBuffers } from './lowering/buffer-plan.js';
export { layoutModel, layoutModelForTrace, type ModelImage, type TensorLocation } from './lowering/layout-model.js';
export { lowerModel } from './lowering/lower-model.js';
export type {
  AddStep,
  Buffer,
  ChannelsStep,
  Conv2dStep,
  ConvChainStep,
  ConvNormStep,
  CropStep,
  KernelStep,
  LayerTables,
  LinearStep,
  LookupStep,
  Pool2dStep,
  Program,
  ReluShiftStep,
  RequantizeStep,
  Step,
  Tensor,
} from './lowering/program.js';
export { elementTypes } from './lowering/steps.js';
export { loadWasmModel, WasmBackend, WasmModel, type WasmModelOptions } from './wasm/wasm-model.js';
