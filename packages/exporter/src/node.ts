// @bitnetmcu/exporter/node: exported models as folders on disk, and the exported C compiled and run on this machine.
export { ExportedCBackend, type ExportedCOptions } from './node/exported-c-backend.js';
export { type WriteExportOptions, type WrittenExport, writeExport } from './node/write-export.js';
