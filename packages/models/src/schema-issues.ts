// From a zod error to sentences a user can act on: the path of the wrong key, what was found, the nearest right key or value.
import { nearestName } from '@bitnetmcu/quant/internal';
import type { z } from 'zod';
import { ModelError, type ModelErrorCode, type SchemaIssue } from './errors.js';
import { foreignLayerRemark } from './layers/foreign-layers.js';
import { MAX_SHOWN_ISSUES } from './limits.js';
import { visibleText } from './visible-text.js';

type Path = readonly PropertyKey[];
type RawIssue = z.core.$ZodIssue;

/**
 * Parses `value` with `schema`, filling in defaults.
 * @param what the document's name in messages, for example `network spec`.
 * @throws ModelError `code` with one issue for each wrong key or value.
 */
export function parseWithSchema<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
  code: ModelErrorCode,
): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues, count, lines } = showIssues(schema, value, result.error.issues);
  const problems = count === 1 ? 'a problem' : `${count} problems`;
  throw new ModelError(code, `The ${what} has ${problems}:\n${lines.join('\n')}`, { issues });
}

/**
 * The first MAX_SHOWN_ISSUES issues of a failed parse with nearest right keys and values, and as lines of a message that count the rest.
 * Only what is shown is worked out: a hostile document can have half a million unknown keys.
 */
export function showIssues(
  schema: z.ZodType,
  value: unknown,
  raw: readonly RawIssue[],
): { issues: SchemaIssue[]; count: number; lines: string[] } {
  const issues: SchemaIssue[] = [];
  let rest = 0;
  for (const issue of raw) {
    const room = MAX_SHOWN_ISSUES - issues.length;
    const described = room > 0 ? describeIssue(schema, value, issue, issue.path, room) : [];
    issues.push(...described.slice(0, room));
    const problems = issue.code === 'unrecognized_keys' ? issue.keys.length : Math.max(1, described.length);
    rest += problems - Math.min(room, described.length);
  }
  const lines = issues.map(({ path, message }) => `  ${path === '' ? '(the whole document)' : path}: ${message}`);
  if (rest > 0) lines.push(`  … and ${rest} more`);
  return { issues, count: issues.length + rest, lines };
}

/** @param room of an issue that stands for many, as unknown keys do, only this many are described */
function describeIssue(schema: z.ZodType, document: unknown, issue: RawIssue, path: Path, room: number): SchemaIssue[] {
  const found = show(valueAt(document, path));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, document, path);
    return issue.keys.slice(0, room).map((key) => ({
      path: showPath([...path, key]),
      message: `unknown key${suggestion(key, known)}${known.length > 0 ? ` (keys here: ${known.join(', ')})` : ''}`,
    }));
  }
  if (issue.code === 'invalid_value') {
    return [{ path: showPath(path), message: choice(found, valueAt(document, path), issue.values.map(String)) }];
  }
  if (issue.code === 'invalid_union') {
    const discriminator = (issue as { discriminator?: string }).discriminator;
    if (discriminator !== undefined) {
      const options = discriminatorValues(resolve(schema, document, path.slice(0, -1)), discriminator);
      return [{ path: showPath(path), message: choice(found, valueAt(document, path), options) }];
    }
    if (issue.message !== 'Invalid input')
      return [{ path: showPath(path), message: `${found} found; ${issue.message}` }];
    // The branch that came furthest says best what is wrong.
    const deepest = [...issue.errors].sort((a, b) => maxDepth(b) - maxDepth(a))[0];
    if (deepest !== undefined && maxDepth(deepest) > 0) {
      return deepest
        .slice(0, room)
        .flatMap((inner) => describeIssue(schema, document, inner, [...path, ...inner.path], room));
    }
    const wanted = issue.errors.map((branch) => branch[0]?.message).filter((message) => message !== undefined);
    return [{ path: showPath(path), message: `${found} found; ${wanted.join('; or ')}` }];
  }
  if (issue.code === 'invalid_type') {
    return [{ path: showPath(path), message: `${found} found, ${withArticle(issue.expected)} wanted` }];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return [{ path: showPath(path), message: limit(found, issue) }];
  return [{ path: showPath(path), message: `${found} found; ${issue.message}` }];
}

function withArticle(type: string): string {
  if (type === 'int') return 'an integer';
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function limit(found: string, issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const unit = { string: ' characters', array: ' entries' }[issue.origin as string] ?? '';
  const [bound, word] = issue.code === 'too_small' ? [issue.minimum, 'least'] : [issue.maximum, 'most'];
  const exactly = issue.exact ? 'exactly' : `at ${word}`;
  if (issue.inclusive === false)
    return `${found} found, ${issue.code === 'too_small' ? 'more' : 'less'} than ${bound} wanted`;
  return `${found} found, ${exactly} ${bound}${unit} wanted`;
}

const maxDepth = (issues: readonly RawIssue[]): number =>
  issues.reduce((deepest, { path }) => Math.max(deepest, path.length), 0);

function choice(found: string, value: unknown, options: readonly string[]): string {
  // Only types of layers have this one among them.
  const remark = options.includes('conv2d') ? foreignLayerRemark(value) : undefined;
  if (remark !== undefined) return `${found} found; ${remark}`;
  return `${found} found, one of ${options.join(', ')} wanted${typeof value === 'string' ? suggestion(value, options) : ''}`;
}

function suggestion(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : `; did you mean '${nearest}'?`;
}

function showPath(path: Path): string {
  return path
    .map((part, i) =>
      typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${visibleText(shorten(String(part)))}`,
    )
    .join('');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${visibleText(shorten(value))}'`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** A file can have keys and values of any length. */
function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return value;
}

function keysAt(schema: z.ZodType, document: unknown, path: Path): string[] {
  const at = resolve(schema, document, path);
  const def = at?._zod.def as { type: string; shape?: Record<string, unknown> } | undefined;
  return def?.type === 'object' && def.shape !== undefined ? Object.keys(def.shape) : [];
}

type AnySchema = z.core.$ZodType;
interface AnyDef {
  readonly type: string;
  readonly innerType?: AnySchema;
  readonly shape?: Record<string, AnySchema>;
  readonly element?: AnySchema;
  readonly items?: readonly AnySchema[];
  readonly options?: readonly AnySchema[];
  readonly discriminator?: string;
  readonly valueType?: AnySchema;
}
const defOf = (schema: AnySchema): AnyDef => schema._zod.def as unknown as AnyDef;

/** The schema that governs `path` of this document; unions are followed by their discriminator. */
function resolve(schema: AnySchema, document: unknown, path: Path): AnySchema | undefined {
  let at: AnySchema | undefined = select(schema, document);
  for (let i = 0; i < path.length && at !== undefined; i++) {
    const part = path[i]!;
    const def = defOf(at);
    let next: AnySchema | undefined;
    if (def.type === 'object') next = ownShape(def.shape, part);
    else if (def.type === 'array') next = def.element;
    else if (def.type === 'tuple') next = def.items?.[Number(part)];
    else if (def.type === 'record') next = def.valueType;
    at = next && select(next, valueAt(document, path.slice(0, i + 1)));
  }
  return at;
}

/** A key of a file may be the name of something every object inherits, as `toString`. */
function ownShape(shape: AnyDef['shape'], key: PropertyKey): AnySchema | undefined {
  return shape !== undefined && Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
}

/** Strips optional and default, and picks the branch of a union that the value names by its discriminator, or else has the kind of. */
function select(schema: AnySchema, value: unknown): AnySchema {
  const def = defOf(schema);
  if (def.innerType !== undefined) return select(def.innerType, value);
  if (def.type === 'union' && def.discriminator === undefined) {
    const kind = Array.isArray(value) ? ['array', 'tuple'] : typeof value === 'object' ? ['object'] : [];
    const branches = (def.options ?? []).map((option) => select(option, value));
    return branches.find((branch) => kind.includes(defOf(branch).type)) ?? schema;
  }
  if (def.type === 'union' && def.discriminator !== undefined) {
    const tag = valueAt(value, [def.discriminator]);
    // Discriminators are texts. Anything else names no branch: an object of a file may not even have a text form.
    if (typeof tag !== 'string') return schema;
    for (const option of def.options ?? []) {
      if (literalValues(option, def.discriminator).includes(tag)) return option;
    }
  }
  return schema;
}

function discriminatorValues(union: AnySchema | undefined, discriminator: string): string[] {
  return union === undefined
    ? []
    : (defOf(union).options ?? []).flatMap((option) => literalValues(option, discriminator));
}

/** The values that lead to a branch: those of a literal or of an enum. */
function literalValues(option: AnySchema, discriminator: string): string[] {
  const tag = defOf(option).shape?.[discriminator];
  if (tag === undefined) return [];
  const { values, entries } = tag._zod.def as {
    values?: readonly unknown[];
    entries?: Readonly<Record<string, unknown>>;
  };
  return (values ?? Object.values(entries ?? {})).map(String);
}
