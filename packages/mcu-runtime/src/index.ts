// @bitnetmcu/mcu-runtime: model images for the C runtime, and that runtime as WebAssembly. Browser-safe.
export { RuntimeError, type RuntimeErrorCode } from './errors.js';
export { LAYOUT_NAMES, type LayoutName } from './layout/layouts.js';
export { layoutModel, type ModelImage } from './lowering/layout-model.js';
export { loadWasmModel, WasmBackend, type WasmModel, type WasmModelOptions } from './wasm/wasm-model.js';
export type { WasmModule } from './wasm/wasm-runtime.js';
