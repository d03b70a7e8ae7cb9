// @bitnetmcu/exporter/node: exported models as folders on disk, and exported C and ONNX run on this machine.

export {
  compilerVersion,
  firmwareCycles,
  firmwareFacts,
  firmwareKindOf,
  measureFirmware,
} from './firmware/firmware-facts.js';
export {
  FIRMWARE_KIND_NAMES,
  FIRMWARE_KINDS,
  type FirmwareKernels,
  type FirmwareKind,
  type FirmwareKindName,
  firmwareKind,
} from './firmware/firmware-kinds.js';
export { type FirmwareOptions, type FirmwareProject, firmwareProject } from './firmware/firmware-project.js';
export { type MadeFirmware, type MakeFirmwareOptions, makeFirmware } from './firmware/make-firmware.js';
export {
  type FirmwareSizes,
  type WriteFirmwareOptions,
  type WrittenFirmware,
  writeFirmware,
} from './firmware/write-firmware.js';
export { ExportedCBackend, type ExportedCOptions } from './node/exported-c-backend.js';
export { OnnxRuntimeBackend } from './node/onnxruntime-backend.js';
export { onnxRuntimeReference } from './node/onnxruntime-reference.js';
export { readOnnxFile } from './node/read-onnx-file.js';
export {
  exportFiles,
  exportFolder,
  type WriteExportOptions,
  type WrittenExport,
  writeExport,
} from './node/write-export.js';
