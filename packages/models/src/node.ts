// @bitnetmcu/models/node: files on disk.
export {
  readModelFile,
  readNetworkSpecFile,
  readTrainedNetworkFile,
  writeModelFile,
  writeTrainedNetworkFile,
} from './files/model-files.js';
export type { ExistingFiles } from './files/written-files.js';
