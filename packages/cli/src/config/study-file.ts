// A study as a YAML or JSON file. Paths in it are relative to the file, as in a training configuration.
import { parseStudy, type SampledStudy, type Study } from '@bitnetmcu/studies';
import { withPathsOf } from './training-config.js';
import { readYamlFile } from './yaml-file.js';

/** @throws CliError `bad-file`, `invalid-config`; StudyError `invalid-study` */
export async function readStudyFile(file: string): Promise<Study | SampledStudy> {
  const document = await readYamlFile(file);
  const { base, configurations, space } = document;
  return parseStudy({
    ...document,
    ...(isObject(base) && { base: withPathsOf(file, base) }),
    ...(Array.isArray(configurations) && {
      configurations: configurations.map((one: unknown) =>
        isObject(one) && isObject(one.config) ? { ...one, config: withPathsOf(file, one.config) } : one,
      ),
    }),
    ...(isObject(space) && {
      space: Object.fromEntries(Object.entries(space).map(([key, entry]) => [key, beside(file, key, entry)])),
    }),
  });
}

/** Values of a space that have paths, or are ones: data, networks, losses with teachers. */
function beside(file: string, key: string, entry: unknown): unknown {
  if (!Array.isArray(entry) || key.includes('.')) return entry;
  return entry.map((value: unknown) => withPathsOf(file, { [key]: value })[key]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
