// @bitnetmcu/models/node: files on disk.
export * from './files/atomic-write.js';
export * from './files/model-files.js';
export * from './files/regular-file.js';
