// What the argument of `train` is: a configuration, data of one's own, or neither; told apart by what stands there.
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { visibleText } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';

export type TrainArgument =
  | { readonly kind: 'none' }
  | { readonly kind: 'config'; readonly path: string }
  | { readonly kind: 'data'; readonly path: string };

const CONFIG_ENDINGS = ['.yaml', '.yml', '.json'];
/** Files that this project writes: models, not data. */
const MODEL_ENDINGS = ['.bnm', '.bnt', '.bnc', '.onnx', '.h'];

/** @throws CliError `bad-file` for what is not there, `usage` for a model */
export function trainArgument(path: string | undefined): TrainArgument {
  if (path === undefined) return { kind: 'none' };
  const shown = visibleText(path);
  const ending = extname(path).toLowerCase();
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw noSuchPath(path, 'a configuration (.yaml)');
  }
  if (found.isDirectory()) return { kind: 'data', path };
  if (CONFIG_ENDINGS.includes(ending)) return { kind: 'config', path };
  if (MODEL_ENDINGS.includes(ending)) {
    throw new CliError(
      'usage',
      `${shown} is a model, not data. To go on from its weights name it with --from, and the data as the argument: \`bitnetmcu train DATA --from ${shown}\`.`,
    );
  }
  return { kind: 'data', path };
}

/** @param other what else may stand there */
export function noSuchPath(path: string, other: string): CliError {
  return new CliError(
    'bad-file',
    `${visibleText(path)}: there is no such file or folder. A data file (.csv, .npz), a folder of pictures or recordings, or ${other} is wanted; check the path.`,
  );
}

/** Whether a path is there, so that `data` can tell files from names of data sets. */
export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
