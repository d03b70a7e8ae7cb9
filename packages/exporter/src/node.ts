// @bitnetmcu/exporter/node: exported models as folders on disk, and exported C and ONNX run on this machine.
export { ExportedCBackend, type ExportedCOptions } from './node/exported-c-backend.js';
export { OnnxRuntimeBackend } from './node/onnxruntime-backend.js';
export { type WriteExportOptions, type WrittenExport, writeExport } from './node/write-export.js';
