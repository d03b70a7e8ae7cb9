// Reads a YAML or JSON file into a plain object, with errors that say the line.
import { visibleText } from '@bitnetmcu/models';
import { readFileBounded } from '@bitnetmcu/models/node';
import { parseDocument } from 'yaml';
import { CliError } from '../errors.js';

/** A configuration is a page of text; anything larger is some other file. */
const MAX_BYTES = 2 ** 20;

/**
 * Parses one YAML (or JSON) document.
 * @throws CliError `bad-file` for anything that is no readable text file, `invalid-config` for a syntax error (with line and column) or a document that is no mapping.
 */
export async function readYamlFile(path: string): Promise<Record<string, unknown>> {
  return parseYaml(new TextDecoder().decode(readFileBounded(path, MAX_BYTES)), path);
}

/** The parsing part of `readYamlFile`; `path` stands for the file in messages. */
export function parseYaml(text: string, path: string): Record<string, unknown> {
  const name = visibleText(path);
  const document = parseDocument(text, { prettyErrors: true, strict: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) throw new CliError('invalid-config', `${name} is not valid YAML: ${error.message.trim()}`);
  let value: unknown;
  try {
    // Aliases can be nested to explode; a configuration needs none to speak of.
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new CliError('invalid-config', `${name} is not usable YAML: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : JSON.stringify(value);
    throw new CliError(
      'invalid-config',
      `${name} holds ${found}; a mapping of keys and values is wanted, as in \`epochs: 60\`.`,
    );
  }
  return value as Record<string, unknown>;
}
