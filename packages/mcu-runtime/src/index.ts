// @bitnetmcu/mcu-runtime: model images for the C runtime, and that runtime as WebAssembly. Browser-safe.
export { RuntimeError, type RuntimeErrorCode } from './errors.js';
export { type BufferPlan, planBuffers } from './layout/buffer-plan.js';
export { layoutModel, layoutModelForTrace, type ModelImage, type TensorLocation } from './layout/layout-model.js';
export { getLayout, LAYOUT_NAMES, type LayoutName, layouts } from './layout/layouts.js';
export { lowerModel } from './layout/lower-model.js';
export type {
  Buffer,
  ChannelsStep,
  Conv2dStep,
  KernelStep,
  LayerTables,
  LinearStep,
  Program,
  Step,
} from './layout/program.js';
export type { WeightLayout, WeightPacker } from './layout/weight-layout.js';
export { loadWasmModel, WasmBackend, WasmModel, type WasmModelOptions } from './wasm/wasm-model.js';
