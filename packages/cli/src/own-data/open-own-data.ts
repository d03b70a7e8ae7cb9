// Own data by their path alone: looked at, loaded, and a training recommended for them.
import { basename, resolve } from 'node:path';
import { parseWithSchema, visibleText } from '@bitnetmcu/models/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { type Assumption, type DataSpec, dataSpecSchema, inspectData, saysHowRead } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import { givenDataKeys } from '../inputs/dataset.js';
import { openNamedDataset } from '../inputs/model-data.js';
import type { Terminal } from '../terminal.js';
import { givenShortFlags } from './short-flags.js';

export interface OwnData {
  readonly spec: DataSpec;
  readonly dataset: Dataset;
  readonly assumptions: readonly Assumption[];
}

/**
 * @param given `--data-…` flags and their short forms; they are taken as they are
 * @throws TrainerError `data-not-found`, `invalid-data` in one sentence with the remedy; CliError `usage`
 */
export async function openOwnData(
  path: string,
  given: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<OwnData> {
  const overrides = { ...givenDataKeys(given), ...givenShortFlags(given) };
  if (overrides.kind !== undefined) {
    throw new CliError(
      'usage',
      `${visibleText(path)} and --data ${String(overrides.kind)} both say which data; give one of them.`,
    );
  }
  terminal.status(`Reading ${visibleText(path)} …`);
  const { spec: found, assumptions } = await inspectData(path, overrides);
  const spec = parseWithSchema(dataSpecSchema, found, `data of ${visibleText(path)}`, 'invalid-spec');
  // The assumptions say how it was read.
  const dataset = await openNamedDataset(spec, terminal, (notice) => !saysHowRead(notice));
  // Kinds of data are no names for people.
  return { spec, dataset: { ...dataset, name: basename(resolve(path)) }, assumptions };
}
