// The journeys of docs/architecture.md, function by function: each is defined where the document says, and called from where it says.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const document = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

interface Stop {
  readonly name: string;
  readonly path: string;
  /** The stop whose file calls it; undefined for the first. */
  readonly caller: string | undefined;
}

/** The rows `| function | file below packages/ | called from | … |` of a section. */
function stops(heading: string): Stop[] {
  const section = document.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return Array.from(section.matchAll(/^\| `(\w+)` \| `([^`]+)` \| (?:`(\w+)`|–) \|/gm), ([, name, path, caller]) => ({
    name: name!,
    path: path!,
    caller,
  }));
}

const text = (path: string): string => readFileSync(join(root, 'packages', path), 'utf8');

/** A function, class, constant or method in TypeScript; a function, or what a macro makes of a name, in C. */
function defines(content: string, name: string): boolean {
  return [
    `\\b(?:function|class|const|interface) ${name}\\b`,
    `^  (?:async )?#?${name}\\(`,
    `^(?:static |KERNEL |[\\w ]+ \\*?)${name}\\(`,
    `^[A-Z_]+\\(${name}\\b`,
  ].some((pattern) => new RegExp(pattern, 'm').test(content));
}

describe.each([
  ['One weight, function by function', 25],
  ['One picture, function by function', 10],
])('%s', (heading, least) => {
  const journey = stops(heading);

  it('is found in the document', () => {
    expect(journey.length).toBeGreaterThanOrEqual(least);
    expect(journey[0]!.caller).toBeUndefined();
    expect(new Set(journey.map(({ name, path }) => `${name} ${path}`)).size).toBe(journey.length);
  });

  it.each(journey)('$name is in $path', ({ name, path }) => {
    expect(existsSync(join(root, 'packages', path))).toBe(true);
    expect(defines(text(path), name)).toBe(true);
  });

  it.each(journey.filter(({ caller }) => caller !== undefined))(
    '$name is called from $caller',
    ({ name, path, caller }) => {
      const before = journey.slice(
        0,
        journey.findIndex((stop) => stop.name === name && stop.path === path),
      );
      const from = before.findLast((stop) => stop.name === caller);
      expect(from).toBeDefined();
      const content = text(from!.path);
      const mentions = content.match(new RegExp(`\\b${name}\\b`, 'g')) ?? [];
      // In its own file the definition is no call.
      expect(mentions.length).toBeGreaterThanOrEqual(from!.path === path ? 2 : 1);
    },
  );
});
