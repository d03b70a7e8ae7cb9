// How many names users have to choose from: everything that the entries of all packages export at run time, internals apart.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const packages = join(import.meta.dirname, '..', '..');

/** Half of what it was before there was a limit. Whoever adds a name takes one away. */
const MOST_NAMES = 129;

interface Entry {
  readonly name: string;
  readonly file: string;
}

const entries: Entry[] = readdirSync(packages).flatMap((folder) => {
  const { name, exports } = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'));
  return Object.entries<{ readonly import?: { readonly default: string } }>(exports).flatMap(([path, conditions]) =>
    conditions.import === undefined
      ? []
      : [{ name: `${name}${path.slice(1)}`, file: join(packages, folder, conditions.import.default) }],
  );
});
const isInternal = ({ name }: Entry): boolean => /^@bitnetmcu\/[a-z-]+\/internal(\/|$)/.test(name);
const namesOf = async ({ file }: Entry): Promise<string[]> => Object.keys(await import(file));

describe('the public entries', () => {
  it(`have at most ${MOST_NAMES} names`, async () => {
    const names = await Promise.all(entries.filter((entry) => !isInternal(entry)).map(namesOf));
    const count = names.flat().length;
    expect(count).toBeGreaterThan(MOST_NAMES / 2);
    expect(count).toBeLessThanOrEqual(MOST_NAMES);
  });

  it('share no name with the internals', async () => {
    for (const entry of entries.filter(isInternal)) {
      const open = entries.find(({ name }) => name === entry.name.replace('/internal', ''));
      expect(open).toBeDefined();
      const both = new Set(await namesOf(open!));
      expect((await namesOf(entry)).filter((name) => both.has(name))).toEqual([]);
    }
  });
});
