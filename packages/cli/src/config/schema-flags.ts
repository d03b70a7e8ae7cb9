// Command-line flags from a configuration schema: every leaf of the schema is a flag, so that file and flags cannot drift apart.
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

type Path = readonly string[];

/** The part of JSON Schema that zod writes and this reads. */
interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
}

type Leaf = 'number' | 'boolean' | 'string' | 'list';

/** One flag and the place in the configuration that it sets. */
export interface SchemaFlag {
  readonly flag: string;
  readonly path: Path;
  readonly leaf: Leaf;
  /** Allowed values, where they are few. */
  readonly choices: readonly string[];
  readonly default: unknown;
  readonly description: string | undefined;
}

/** The key that names the branch of a union; its flag is that of the object itself: `--schedule cosine`. */
const DISCRIMINATORS: readonly string[] = ['kind', 'method'];

const kebab = (key: string): string => key.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

function leafOf(schema: JsonSchema): Leaf | undefined {
  switch (schema.type) {
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'string';
    case 'array':
      return schema.items !== undefined && leafOf(schema.items) !== undefined ? 'list' : undefined;
    default:
      return typeof schema.const === 'string' ? 'string' : undefined;
  }
}

/** A discriminator's flag is named for the object that it selects in. */
function flagName(path: Path): string {
  const last = path.at(-1)!;
  const named = path.length > 1 && DISCRIMINATORS.includes(last) ? path.slice(0, -1) : path;
  return named.map(kebab).join('-');
}

/**
 * The flags of a zod schema, one a leaf; branches of unions are merged.
 * @param prefix path of the schema inside the whole configuration
 * @param shorten path segments that the flags leave out, for example `training`
 */
export function schemaFlags(schema: z.ZodType, prefix: Path, shorten: Path = prefix): SchemaFlag[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
  const flags = new Map<string, SchemaFlag>();
  const visit = (node: JsonSchema, path: Path, description: string | undefined, fallback: unknown): void => {
    const branches = node.anyOf ?? node.oneOf;
    if (branches !== undefined) {
      for (const branch of branches) visit(branch, path, node.description ?? description, node.default ?? fallback);
      return;
    }
    if (node.properties !== undefined) {
      for (const [key, child] of Object.entries(node.properties)) {
        const inherited = (node.default ?? fallback) as Record<string, unknown> | undefined;
        visit(child, [...path, key], undefined, typeof inherited === 'object' ? inherited?.[key] : undefined);
      }
      return;
    }
    const leaf = leafOf(node);
    if (leaf === undefined || path.length === 0) return;
    const short = path.length > shorten.length && shorten.every((part, i) => path[i] === part) ? path.slice(shorten.length) : path;
    const flag = flagName(short);
    const known = flags.get(flag);
    const own = node.enum?.map(String) ?? (node.const === undefined ? [] : [String(node.const)]);
    flags.set(flag, {
      flag,
      path,
      leaf,
      choices: known === undefined ? own : [...new Set([...known.choices, ...own])],
      default: known?.default ?? node.default ?? fallback,
      description: known?.description ?? node.description ?? description,
    });
  };
  visit(json, prefix, undefined, undefined);
  return [...flags.values()];
}

function parseValue(flag: SchemaFlag, text: string): unknown {
  switch (flag.leaf) {
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('A number is wanted.');
      return value;
    }
    case 'list':
      return text.split(',').map((item) => (item.trim() !== '' && !Number.isNaN(Number(item)) ? Number(item) : item.trim()));
    case 'boolean':
    case 'string':
      return text;
    default:
      return flag.leaf satisfies never;
  }
}

/** Adds the flags to a command's help, under a heading. */
export function addSchemaFlags(command: Command, flags: readonly SchemaFlag[], heading: string): void {
  for (const flag of flags) {
    const { leaf, choices, path } = flag;
    const text = [flag.description ?? path.join('.'), choices.length > 0 ? `one of ${choices.join(', ')}` : '']
      .filter((part) => part !== '')
      .join('; ');
    const shown = flag.default === undefined ? text : `${text} (default: ${JSON.stringify(flag.default)})`;
    if (leaf === 'boolean') {
      command.addOption(new Option(`--${flag.flag}`, shown).helpGroup(heading));
      command.addOption(new Option(`--no-${flag.flag}`).hideHelp());
    } else {
      const value = leaf === 'list' ? 'a,b,…' : leaf === 'number' ? 'number' : choices.length > 0 ? 'name' : 'text';
      command.addOption(
        new Option(`--${flag.flag} <${value}>`, shown).argParser((input) => parseValue(flag, input)).helpGroup(heading),
      );
    }
  }
}

const camel = (flag: string): string => flag.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Sets a value inside a plain JSON object, making objects on the way. A new discriminator discards the fields of the old branch. */
export function setAt(document: Record<string, unknown>, path: Path, value: unknown): void {
  let at = document;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    if (typeof next !== 'object' || next === null || Array.isArray(next)) {
      // `data: mnist` in a file is short for `data: {kind: mnist}`.
      at[key] = typeof next === 'string' ? { kind: next } : {};
    }
    at = at[key] as Record<string, unknown>;
  }
  const last = path.at(-1)!;
  if (DISCRIMINATORS.includes(last) && at[last] !== value) for (const key of Object.keys(at)) delete at[key];
  at[last] = value;
}

/** Writes the flags that were given over the configuration. */
export function applyFlags(
  document: Record<string, unknown>,
  flags: readonly SchemaFlag[],
  given: Readonly<Record<string, unknown>>,
): void {
  // Discriminators first: they clear the object that other flags then fill.
  const ordered = [...flags].sort((a, b) => Number(isDiscriminator(b)) - Number(isDiscriminator(a)));
  for (const flag of ordered) {
    const value = given[camel(flag.flag)];
    if (value !== undefined) setAt(document, flag.path, value);
  }
}

const isDiscriminator = (flag: SchemaFlag): boolean => DISCRIMINATORS.includes(flag.path.at(-1)!);
