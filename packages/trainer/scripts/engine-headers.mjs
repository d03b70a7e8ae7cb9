// Writes build/generated/ops.h from native/ops.json, the one table of the engine's operations that C and TypeScript share.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
/** 32-bit words of one operation in a program: its number, then its operands. */
export const OP_WORDS = 24;

const C_TYPES = { offset: 'int32_t', int: 'int32_t', float: 'float' };

/** @returns the header's text: an enumeration of the operations and one struct for each, all of OP_WORDS words. */
export function opsHeader() {
  const ops = JSON.parse(readFileSync(join(packageRoot, 'native', 'ops.json'), 'utf8'));
  const names = Object.keys(ops);
  const lines = [
    '// Made from native/ops.json. Offsets count floats from the start of the arena; 0 is none.',
    '#pragma once',
    '#include <stdint.h>',
    '',
  ];
  lines.push('// What TypeScript compares before it runs a program.', `#define OPS_VERSION ${versionOf(ops)}u`, '');
  lines.push(
    `enum { OP_WORDS = ${OP_WORDS} };`,
    `enum { ${names.map((name, i) => `OP_${name} = ${i + 1}`).join(', ')} };`,
    '',
  );
  for (const name of names) {
    const fields = Object.entries(ops[name]);
    if (fields.length > OP_WORDS - 1)
      throw new Error(`operation ${name} has ${fields.length} operands, ${OP_WORDS - 1} fit`);
    const members = fields.map(([field, type]) => {
      if (!(type in C_TYPES)) throw new Error(`operand ${name}.${field} has the unknown type ${type}`);
      return `  ${C_TYPES[type]} ${field};`;
    });
    lines.push(`typedef struct {`, '  int32_t code;', ...members, `} Op_${name};`, '');
  }
  return lines.join('\n');
}

/** FNV-1a over the table, as in src/engine/plan/program.ts. */
function versionOf(ops) {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(ops)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

export function writeOpsHeader() {
  const folder = join(packageRoot, 'build', 'generated');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'ops.h');
  writeFileSync(path, opsHeader());
  return path;
}
