// Command-line flags from a configuration schema: every leaf of the schema is a flag, so that file and flags cannot drift apart.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { unknownValue } from '../unknown-value.js';
import { parseYamlDocument } from './yaml-document.js';

type Path = readonly string[];

/** The part of JSON Schema that zod writes and this reads. */
interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  /** `false` beside `prefixItems`: a tuple. */
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
}

/** `list` is written a,b,c; `yaml` (lists of objects, name or number) as YAML or JSON in one argument. */
type Leaf = 'number' | 'boolean' | 'string' | 'list' | 'yaml';

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

const itemsOf = ({ prefixItems = [], items }: JsonSchema): readonly JsonSchema[] =>
  items ? [...prefixItems, items] : prefixItems;

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
      return itemsOf(schema).every((item) => leafOf(item) !== undefined) ? 'list' : 'yaml';
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
 * @param omit top-level keys that get no flags
 */
export function schemaFlags(schema: z.ZodType, omit: readonly string[] = []): SchemaFlag[] {
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
    if (leaf === undefined || path.length === 0 || omit.includes(path[0]!)) return;
    const flag = flagName(path);
    const known = flags.get(flag);
    const own = node.enum?.map(String) ?? (node.const === undefined ? [] : [String(node.const)]);
    flags.set(flag, {
      flag,
      path,
      leaf: known === undefined || known.leaf === leaf ? leaf : 'yaml',
      choices: known === undefined ? own : [...new Set([...known.choices, ...own])],
      default: known?.default ?? node.default ?? fallback,
      description: known?.description ?? node.description ?? description,
    });
  };
  visit(json, [], undefined, undefined);
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
      return text
        .split(',')
        .map((item) => (item.trim() !== '' && !Number.isNaN(Number(item)) ? Number(item) : item.trim()));
    case 'yaml': {
      try {
        return parseYamlDocument(text);
      } catch {
        throw new InvalidArgumentError('YAML or JSON is wanted.');
      }
    }
    case 'boolean':
    case 'string':
      return text;
    default:
      throw unknownValue('type of flag', flag.leaf);
  }
}

/** What commands say in their own way. */
const OWN_HELP: Readonly<Record<string, { readonly name: string; readonly description: string }>> = {
  output: { name: '-o, --output <folder>', description: 'where everything of the run goes (default: runs/<network>)' },
};

/** Adds the flags to a command's help, under a heading. */
export function addSchemaFlags(command: Command, flags: readonly SchemaFlag[], heading: string): void {
  for (const flag of flags) {
    const { leaf, choices, path } = flag;
    const own = OWN_HELP[flag.flag];
    const text = [flag.description ?? path.join('.'), choices.length > 0 ? `one of ${choices.join(', ')}` : '']
      .filter((part) => part !== '')
      .join('; ');
    const shown = flag.default === undefined ? text : `${text} (default: ${JSON.stringify(flag.default)})`;
    if (leaf === 'boolean') {
      command.addOption(new Option(`--${flag.flag}`, shown).helpGroup(heading));
      command.addOption(new Option(`--no-${flag.flag}`).hideHelp());
    } else {
      command.addOption(
        new Option(own?.name ?? `--${flag.flag} <${placeholder(flag)}>`, own?.description ?? shown)
          .argParser((input) => parseValue(flag, input))
          .helpGroup(heading),
      );
    }
  }
}

function placeholder({ leaf, choices }: SchemaFlag): string {
  if (leaf === 'list') return 'a,b,…';
  if (leaf === 'string') return choices.length > 0 ? 'name' : 'text';
  return leaf;
}

const camel = (flag: string): string => flag.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Sets a value inside a plain JSON object, making objects on the way. Another discriminator discards the fields of the old branch. */
function setAt(document: Record<string, unknown>, path: Path, value: unknown): void {
  let at = document;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    if (typeof next !== 'object' || next === null || Array.isArray(next)) at[key] = {};
    at = at[key] as Record<string, unknown>;
  }
  const last = path.at(-1)!;
  if (isDiscriminator(path) && at[last] !== value) for (const key of Object.keys(at)) delete at[key];
  at[last] = value;
}

const isDiscriminator = (path: Path): boolean => path.length > 1 && DISCRIMINATORS.includes(path.at(-1)!);

/** In a file, `data: mnist` is short for `data: {kind: mnist}`, and so for every object that a discriminator selects. */
export function expandShorthand(document: Record<string, unknown>, flags: readonly SchemaFlag[]): void {
  for (const { path } of flags.filter((flag) => isDiscriminator(flag.path))) {
    let at: unknown = document;
    for (const key of path.slice(0, -2))
      at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
    const key = path.at(-2)!;
    if (typeof at !== 'object' || at === null) continue;
    const holder = at as Record<string, unknown>;
    if (typeof holder[key] === 'string') holder[key] = { [path.at(-1)!]: holder[key] };
  }
}

/** The flags that were given as words of a shell's command line, in the order of the schema. */
export function flagWords(flags: readonly SchemaFlag[], given: Readonly<Record<string, unknown>>): string[] {
  return flags.flatMap(({ flag, leaf }) => {
    const value = given[camel(flag)];
    if (value === undefined) return [];
    if (leaf === 'boolean') return [value === false ? `--no-${flag}` : `--${flag}`];
    const text = Array.isArray(value)
      ? value.join(',')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : `${value}`;
    return [`--${flag}`, /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`];
  });
}

/** Writes the flags that were given over the configuration. */
export function applyFlags(
  document: Record<string, unknown>,
  flags: readonly SchemaFlag[],
  given: Readonly<Record<string, unknown>>,
): void {
  // Discriminators first: they clear the object that other flags then fill.
  const ordered = [...flags].sort((a, b) => Number(isDiscriminator(b.path)) - Number(isDiscriminator(a.path)));
  for (const flag of ordered) {
    const value = given[camel(flag.flag)];
    if (value !== undefined) setAt(document, flag.path, value);
  }
}
