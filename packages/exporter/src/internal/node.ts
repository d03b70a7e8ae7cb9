// @bitnetmcu/exporter/internal/node: what the packages of this project share and users do not need. Changes without notice.

export { CALIBRATION_NAMES, type CalibrationProject, calibrationProject } from '../calibration/calibration-project.js';
export {
  ASSUMPTIONS,
  type CalibrationProgram,
  type CalibrationRow,
  type Contradiction,
  calibrationRows,
  contradictions,
  type PrintedCycles,
  RUN_BENCHMARKS,
  readCalibrationLine,
  simulateCalibration,
} from '../calibration/calibration-report.js';
export {
  compilerVersion,
  firmwareCycles,
  firmwareFacts,
  firmwareKindOf,
  firmwareRuns,
} from '../firmware/firmware-facts.js';
export { FIRMWARE_KIND_NAMES, FIRMWARE_KINDS, firmwareKind, isLibrary } from '../firmware/firmware-kinds.js';
export {
  AnswerReader,
  END_OF_CONVERSATION,
  type FirmwareIdentity,
  IDENTIFY,
  readAnswers,
  readIdentity,
  readSerialLine,
  type SerialAnswer,
  type SerialLineRead,
  sampleCommand,
} from '../firmware/serial-protocol.js';
export {
  type AnswerDifference,
  answersRight,
  SerialReference,
  sampleConversation,
} from '../firmware/serial-reference.js';
export { buildApart } from '../firmware/write-firmware.js';
export { MODEL_FOLDER } from '../node/build-files.js';
export { onnxRuntimeReference } from '../node/onnxruntime-reference.js';
export { exportFiles, exportFolder } from '../node/write-export.js';
