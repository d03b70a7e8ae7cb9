// @bitnetmcu/models/internal/node: what the packages of this project share and users do not need. Changes without notice.
export {
  appendToFile,
  type FileToWrite,
  probeFolder,
  removeFile,
  removeOrphanedTemporaries,
  writeFileAtomic,
} from '../files/atomic-write.js';
export { touchCacheEntry, trimCache } from '../files/cache-trim.js';
export { type FolderLock, lockFolder, withFolderLock } from '../files/folder-lock.js';
export { readFileBounded } from '../files/model-files.js';
export { openRegularFile, readRegularFile } from '../files/regular-file.js';
export { checkOwnFile, checkWritableFiles, isOwnFile, writeFiles, writeOwnFile } from '../files/written-files.js';
