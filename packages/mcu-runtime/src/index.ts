// @bitnetmcu/mcu-runtime: model images for the C runtime, and that runtime as WebAssembly. Browser-safe.
export { RuntimeError, type RuntimeErrorCode } from './errors.js';
export { layoutModel, layoutModelForTrace, type ModelImage, type TensorLocation } from './layout/layout-model.js';
export { getLayout, LAYOUT_NAMES, type LayoutName, layouts } from './layout/layouts.js';
export type { WeightLayout, WeightPacker } from './layout/weight-layout.js';
export { loadWasmModel, WasmBackend, WasmModel, type WasmModelOptions } from './wasm/wasm-model.js';
