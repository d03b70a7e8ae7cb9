// Headers of exported models in Doxygen: everything that a program may call is documented, with its parameters and what it returns.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { isMissing, smallModel, temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { exportC } from './export-c.js';

const newFolder = temporaryFolders();
const missing = isMissing('doxygen');
const scale = { low: -100, high: 100, bias: 0, offset: 0, multiplier: 1, preShift: 0, shift: 0 };
const answering = (output: NonNullable<QuantizedModel['output']>): QuantizedModel => ({
  ...MODELS.signal!,
  labels: output.task === 'multiLabel' ? ['rest', 'walk', 'fall'] : [],
  output,
});
const value = (name: string) => ({ name, decimals: 1, ...scale });

const CASES: Readonly<Record<string, QuantizedModel>> = {
  ...MODELS,
  small: smallModel(),
  values: answering({ task: 'regression', values: ['a', 'b', 'c'].map(value) }),
  labels: answering({ task: 'multiLabel' }),
};

/** All warnings of Doxygen, with what it is asked to see besides its defaults. */
function warnings(model: QuantizedModel, change: (header: string) => string = (header) => header): string {
  const folder = newFolder();
  const { files } = exportC(model, { name: 'model', softFloat: true });
  const header = files.find(({ path }) => path === 'model.h')!;
  writeFileSync(join(folder, header.path), change(header.content));
  const settings = {
    ...{ INPUT: folder, OUTPUT_DIRECTORY: join(folder, 'html'), OPTIMIZE_OUTPUT_FOR_C: 'YES', WARN_NO_PARAMDOC: 'YES' },
    ...{ PREDEFINED: 'MODEL_REENTRANT MODEL_HOOKS', QUIET: 'YES', GENERATE_LATEX: 'NO', HAVE_DOT: 'NO' },
  };
  const input = Object.entries(settings).map(([name, text]) => `${name} = ${text}\n`);
  const { stderr, status } = spawnSync('doxygen', ['-'], { input: input.join(''), encoding: 'utf8' });
  expect(status).toBe(0);
  return stderr;
}

describe.skipIf(missing)('doxygen', () => {
  it.each(Object.entries(CASES))('has nothing to say of the header of %s', (_, model) => {
    expect(warnings(model)).toBe('');
  });

  it('would say it', () => {
    expect(warnings(smallModel(), (header) => header.replace(/ \* @param input[^\n]*\n/, ''))).toMatch(/input/);
  });
});
