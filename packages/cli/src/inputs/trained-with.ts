// Whether a file that is to be classified is one that the model was trained with: its answers there are no test.
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { visibleText } from '@bitnetmcu/models/internal';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { shellPath } from '../render/shell-word.js';

/**
 * A sentence about files of the training, undefined where none is.
 * @param inputs paths, numbers of test samples, and `-` @param model its path
 */
export function trainedWithNote(
  inputs: readonly string[],
  data: DataSpec | undefined,
  model: string,
): string | undefined {
  const train = data !== undefined && 'train' in data ? realPath(data.train) : undefined;
  if (train === undefined) return undefined;
  const own = inputs.filter((input) => {
    const path = realPath(input);
    return path !== undefined && (path === train || path.startsWith(`${train}${sep}`));
  });
  if (own.length === 0) return undefined;
  const which = `${visibleText(own[0]!)}${own.length > 1 ? ` and ${own.length - 1} more are` : ' is'}`;
  const isApart = 'test' in data! && data.test !== undefined;
  return `${which} among the data of the training: ${isApart ? 'these answers are' : 'most of these answers are'} no test of the model. \`bitnetmcu verify ${shellPath(model)}\` has the score of the test part.`;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
