// @bitnetmcu/trainer/internal: what the packages of this project share and users do not need. Changes without notice.
export { acquire } from '../data/acquire.js';
export { ANOMALY_LABELS, anomalyDataset, isNormalName } from '../data/anomaly.js';
export { cacheFolder } from '../data/cache-folder.js';
export { requireLearnable } from '../data/class-counts.js';
export { columnNumber, placeOfName } from '../data/csv/header.js';
export { className, isMissing } from '../data/csv/numbers.js';
export {
  type PlainNumbers,
  type PlainRow,
  type PlainRows,
  type PlainRowsOptions,
  readPlainRows,
} from '../data/csv/plain-rows.js';
export { saysHowRead } from '../data/csv/read-csv.js';
export { timeJumps } from '../data/csv/row-times.js';
export { timesOf } from '../data/csv/time-column.js';
export { mapPaths, pathsOf, placeOf, provenanceForFile, provenanceOfFile } from '../data/data-paths.js';
export { type DataSpec, dataSpecSchema } from '../data/data-spec.js';
export { type DatasetOutput, splitSamples } from '../data/dataset.js';
export { otherSamples } from '../data/draw-samples.js';
export { decodeImage } from '../data/image-file.js';
export { pictureSample } from '../data/image-folder.js';
export { inspectData } from '../data/inspect/inspect-data.js';
export type { Assumption, Inspection, Overrides } from '../data/inspect/inspection.js';
export {
  MAX_DATA_BYTES,
  MAX_EMNIST_BYTES,
  MAX_PIXELS,
  MAX_UNPACKED_BYTES,
  MAX_WAV_SAMPLES,
} from '../data/limits.js';
export { type PlainArray, readPlainArray } from '../data/plain-array.js';
export { labelsOfCell } from '../data/raw/targets.js';
export { meansLike } from '../data/read-like.js';
export { resizeImages } from '../data/resize.js';
export { wavSamples } from '../data/wav/read-recordings.js';
export { type RecordingWindows, recordingWindows } from '../data/wav/windows-of-recordings.js';
export { findStretches, type MomentRows } from '../data/windows.js';
export { reorderNetwork } from '../training/actions/reorder.js';
export { decodeCheckpoint, encodeCheckpoint, writeCheckpoint } from '../training/checkpoint.js';
export { readInitialNetwork } from '../training/initial-network.js';
export { presetForData } from '../training/preset-for-data.js';
export { type Recommendation, recommendTraining } from '../training/recommend.js';
export { RunFolder } from '../training/run-folder.js';
export {
  areaUnderRoc,
  coefficientOfDetermination,
  describeScore,
  multiLabelScore,
  regressionScore,
} from '../training/scores.js';
export { SharedSamples } from '../training/shared-samples.js';
export { heldOutCount, splitForValidation, validationCount } from '../training/validation-split.js';
