// Reads a YAML or JSON file into a plain object, with errors that say the line.
import { CONFIG_LIMITS, visibleText } from '@bitnetmcu/models/internal';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { CliError } from '../errors.js';
import { parseYamlDocument } from './yaml-document.js';

/**
 * Parses one YAML (or JSON) document.
 * @throws CliError `bad-file` for anything that is no readable text file, `invalid-config` for a syntax error (with line and column), a document over CONFIG_LIMITS or one that is no mapping.
 */
export async function readYamlFile(path: string): Promise<Record<string, unknown>> {
  return parseYaml(new TextDecoder().decode(readFileBounded(path, CONFIG_LIMITS.bytes)), path);
}

/** The parsing part of `readYamlFile`; `path` stands for the file in messages. */
function parseYaml(text: string, path: string): Record<string, unknown> {
  const name = visibleText(path);
  let value: unknown;
  try {
    value = parseYamlDocument(text) ?? null;
  } catch (cause) {
    throw new CliError('invalid-config', `${name} is not usable YAML: ${(cause as Error).message.trim()}`, { cause });
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
