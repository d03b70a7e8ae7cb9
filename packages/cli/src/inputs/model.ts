// Reads whatever a user calls a model: zoo:<name>, or a file (.bnm, .bnt, a checkpoint, a BitNetMCU header), told apart by its content.
import { parseBitnetmcuHeader } from '@bitnetmcu/exporter';
import {
  decodeBnm,
  decodeTrainedNetwork,
  type Provenance,
  type QuantizedModel,
  type TrainedNetwork,
} from '@bitnetmcu/models';
import { BNM_FORMAT, namesFromFile, TRAINED_NETWORK_FORMAT, visibleText } from '@bitnetmcu/models/internal';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { loadZooModel } from '@bitnetmcu/models/zoo';
import { decodeCheckpoint, provenanceOfFile } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';
import { quantizeTrained } from './calibration.js';
import type { DataTrust } from './model-data.js';

/** The first four characters of a checkpoint (docs/file-formats.md). */
const CHECKPOINT_MAGIC = 'BNC1';

/** A BitNetMCU header names the class of its network, whatever that is, and has layers. */
const HEADER_CLASS = /^[ \t]*#[ \t]*define[ \t]+MODEL_\w/m;
const HEADER_LAYER = /^[ \t]*#[ \t]*define[ \t]+L\d+_active\b/m;

/** Names a trained model that comes with the package. */
const ZOO_PREFIX = 'zoo:';

/** What a command accepts as a model, for its help. */
export const MODEL_ARGUMENT = 'zoo:<name>, a .bnm or .bnt file, a checkpoint or a BitNetMCU header';

/** Whether a command's argument is a model of the zoo. */
export function isZooModel(path: string): boolean {
  return path.startsWith(ZOO_PREFIX);
}

/** A network, in the form in which its file holds it. */
export type ModelFile =
  | {
      readonly kind: 'quantized';
      readonly source: 'model of the zoo' | 'model file (.bnm)' | 'BitNetMCU header';
      readonly model: QuantizedModel;
    }
  | {
      readonly kind: 'trained';
      readonly source: 'trained network (.bnt)' | 'checkpoint';
      readonly network: TrainedNetwork;
    };

/**
 * Reads a model file of any kind, or a model of the zoo.
 * @throws CliError `bad-file` for a file of no kind; ModelError `unknown-zoo-model`; the packages' errors for damaged files.
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  if (isZooModel(path)) {
    return { kind: 'quantized', source: 'model of the zoo', model: await loadZooModel(path.slice(ZOO_PREFIX.length)) };
  }
  const bytes = readFileBounded(path);
  switch (String.fromCharCode(...bytes.subarray(0, 4))) {
    case BNM_FORMAT.magic:
      return { kind: 'quantized', source: 'model file (.bnm)', model: ofFile(decodeBnm(bytes), path) };
    case TRAINED_NETWORK_FORMAT.magic:
      return { kind: 'trained', source: 'trained network (.bnt)', network: ofFile(decodeTrainedNetwork(bytes), path) };
    case CHECKPOINT_MAGIC:
      return { kind: 'trained', source: 'checkpoint', network: ofFile(decodeCheckpoint(bytes, path).network, path) };
  }
  const text = new TextDecoder('latin1').decode(bytes);
  if (HEADER_CLASS.test(text) && HEADER_LAYER.test(text)) {
    return {
      kind: 'quantized',
      source: 'BitNetMCU header',
      model: parseBitnetmcuHeader(text, namesFromFile(path)),
    };
  }
  throw new CliError('bad-file', `${visibleText(path)} is no model: ${MODEL_ARGUMENT} is wanted.`);
}

/** With paths of data as this process opens them: in the file they are relative to it. */
function ofFile<T extends { readonly provenance: Provenance }>(network: T, path: string): T {
  return { ...network, provenance: provenanceOfFile(network.provenance, path) };
}

/** The integer network of a model; a trained network is quantized first, as `quantizeTrained` does it. */
export async function readQuantizedModel(
  path: string,
  terminal: Terminal,
  trust: DataTrust = {},
): Promise<QuantizedModel> {
  const file = await readModelFile(path);
  return file.kind === 'quantized' ? file.model : (await quantizeTrained(file.network, terminal, trust)).model;
}
