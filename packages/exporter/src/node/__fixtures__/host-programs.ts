// Programs of exported folders, built as their Makefile says, and what they are to print.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { classOf, type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import { ReferenceModel, toRawIntegers } from '@bitnetmcu/models/internal';
import { expect } from 'vitest';
import { temporaryFolders } from '../../firmware/__fixtures__/projects.js';
import { writeExport } from '../write-export.js';

export const noHostPrograms = () =>
  hostCompiler().kind !== 'found' || spawnSync('make', ['--version']).status !== 0;

/** Gives a function that builds the program of a model and gives a function that runs it; folders end with the file's tests. */
export function hostPrograms() {
  const newFolder = temporaryFolders();
  return (model: QuantizedModel) => {
    const folder = newFolder();
    const { name } = writeExport(model, folder);
    const { status, stderr } = spawnSync('make', ['CFLAGS=-O1 -Wall -Wextra -Wpedantic -Wconversion -Werror'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 0]);
    return (input: string, ...args: readonly string[]) =>
      spawnSync(join(folder, `${name}_host`), args, { input, encoding: 'utf8' });
  };
}

/** What is printed for values in the units of the features. */
export function answer(model: QuantizedModel, line: number, values: readonly number[]): string {
  const { raw, shape } = model.input;
  const logits = new ReferenceModel(model).infer(quantizeRaw(raw!, shape, toRawIntegers(raw!, shape, values)), 1);
  const found = classOf(logits, 0, logits.length);
  return `line ${line}: class ${found} (${model.labels[found]}), logits ${[...logits].join(' ')}\n`;
}
