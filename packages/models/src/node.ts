// @bitnetmcu/models/node: files on disk.
export * from './files/atomic-write.js';
export * from './files/cache-trim.js';
export * from './files/folder-lock.js';
export * from './files/model-files.js';
export * from './files/regular-file.js';
export * from './files/written-files.js';
