// @bitnetmcu/exporter/node: exported models as folders on disk, and exported C and ONNX run on this machine.
export { measureFirmware } from './firmware/firmware-facts.js';
export type { FirmwareKindName } from './firmware/firmware-kinds.js';
export {
  type FirmwareOptions,
  type FirmwareProject,
  firmwareProject,
  type ProjectFiles,
} from './firmware/firmware-project.js';
export { type MadeFirmware, type MakeFirmwareOptions, makeFirmware } from './firmware/make-firmware.js';
export type { FirmwareSamples } from './firmware/samples-header.js';
export {
  type FirmwareSizes,
  type WriteFirmwareOptions,
  type WrittenFirmware,
  writeFirmware,
} from './firmware/write-firmware.js';
export { ExportedCBackend, type ExportedCOptions } from './node/exported-c-backend.js';
export { OnnxRuntimeBackend } from './node/onnxruntime-backend.js';
export { readOnnxFile } from './node/read-onnx-file.js';
export { type WriteExportOptions, type WrittenExport, writeExport } from './node/write-export.js';
