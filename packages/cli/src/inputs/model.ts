// Reads whatever a user calls a model: .bnm, .bnt, a checkpoint, a BitNetMCU header; told apart by content, not by name.
import { basename } from 'node:path';
import { parseBitnetmcuHeader, quantizeNetwork } from '@bitnetmcu/exporter';
import {
  BNM_FORMAT,
  decodeBnm,
  decodeTrainedNetwork,
  type QuantizedModel,
  TRAINED_NETWORK_FORMAT,
  type TrainedNetwork,
} from '@bitnetmcu/models';
import { readFileBounded } from '@bitnetmcu/models/node';
import { decodeCheckpoint } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';

/** The first four characters of a checkpoint (docs/file-formats.md). */
const CHECKPOINT_MAGIC = 'BNC1';

/** A file that holds a network, in the form in which it holds it. */
export type ModelFile =
  | {
      readonly kind: 'quantized';
      readonly source: 'model file (.bnm)' | 'BitNetMCU header';
      readonly model: QuantizedModel;
    }
  | {
      readonly kind: 'trained';
      readonly source: 'trained network (.bnt)' | 'checkpoint';
      readonly network: TrainedNetwork;
    };

/**
 * Reads a model file of any kind.
 * @throws CliError `bad-file` for a file of none of them; the packages' errors for damaged ones.
 */
export function readModelFile(path: string): ModelFile {
  const bytes = readFileBounded(path);
  switch (String.fromCharCode(...bytes.subarray(0, 4))) {
    case BNM_FORMAT.magic:
      return { kind: 'quantized', source: 'model file (.bnm)', model: decodeBnm(bytes) };
    case TRAINED_NETWORK_FORMAT.magic:
      return { kind: 'trained', source: 'trained network (.bnt)', network: decodeTrainedNetwork(bytes) };
    case CHECKPOINT_MAGIC:
      return { kind: 'trained', source: 'checkpoint', network: decodeCheckpoint(bytes, path).network };
  }
  const text = new TextDecoder('latin1').decode(bytes);
  if (/\bMODEL_(FC|CNN)MNIST\b/.test(text)) {
    const name = basename(path)
      .replace(/\.[^.]*$/, '')
      .replace(/[^A-Za-z0-9_.-]/g, '_');
    return { kind: 'quantized', source: 'BitNetMCU header', model: parseBitnetmcuHeader(text, { name }) };
  }
  throw new CliError(
    'bad-file',
    `${path} is no model: a .bnm or .bnt file, a checkpoint or a BitNetMCU header is wanted.`,
  );
}

/** The integer network of a model file; a trained network is quantized first. */
export function readQuantizedModel(path: string): QuantizedModel {
  const file = readModelFile(path);
  return file.kind === 'quantized' ? file.model : quantizeNetwork(file.network);
}
