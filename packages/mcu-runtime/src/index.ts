// @bitnetmcu/mcu-runtime: model images for the C runtime, and that runtime as WebAssembly. Browser-safe.
export { RuntimeError, type RuntimeErrorCode } from './errors.js';
export { type BufferPlan, planBuffers } from './layout/buffer-plan.js';
export { chainFunction, type LinearKernel, linearKernel, listFunction, unpackFunction } from './layout/kernels.js';
export { layoutModel, layoutModelForTrace, type ModelImage, type TensorLocation } from './layout/layout-model.js';
export { getLayout, LAYOUT_NAMES, type LayoutName, layouts } from './layout/layouts.js';
export { lowerModel } from './layout/lower-model.js';
export type {
  AddStep,
  Buffer,
  ChannelsStep,
  Conv2dStep,
  ConvChainStep,
  ConvNormStep,
  CropStep,
  ElementwiseStep,
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
} from './layout/program.js';
export type { WeightLayout, WeightPacker } from './layout/weight-layout.js';
export { loadWasmModel, WasmBackend, WasmModel, type WasmModelOptions } from './wasm/wasm-model.js';
