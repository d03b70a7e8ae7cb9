// The headers that C shares with TypeScript, made into build/generated/: ops.h (operations of native/ops.json, enumerations and tables
// of native/records.json) and activations.h.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACTIVATION_NAMES } from '@bitnetmcu/models/internal';
import { activationsHeader } from './activations-header.mjs';

export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
/** 32-bit words of one operation in a program: its number, then its operands. */
export const OP_WORDS = 24;

const C_TYPES = { offset: 'int32_t', int: 'int32_t', float: 'float' };

/** @returns the text of ops.h. */
function opsHeader() {
  const ops = read('ops.json');
  const tables = read('records.json');
  const names = Object.keys(ops);
  const lines = [
    '// Made from native/ops.json and native/records.json. Offsets count floats from the start of the arena; 0 is none.',
    '#pragma once',
    '#include <stdint.h>',
    '',
    '// What TypeScript compares before it runs a program.',
    `#define OPS_VERSION ${versionOf([ops, tables, ACTIVATION_NAMES])}u`,
    '',
    `enum { OP_WORDS = ${OP_WORDS} };`,
    `enum { ${names.map((name, i) => `OP_${name} = ${i + 1}`).join(', ')} };`,
    '',
  ];
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
  return [...lines, ...tableLines(tables)].join('\n');
}

/** Enumerations as `ENCODING_POWER_OF_TWO`, constants, and tables in the arena as structs with members in snake_case. */
function tableLines({ enums, constants, records }) {
  const upper = (text) => text.replaceAll('-', '_').toUpperCase();
  const snake = (text) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [
    ...Object.entries(enums).flatMap(([name, members]) => {
      const codes = Object.entries(members).map(([member, code]) => `${upper(name)}_${upper(member)} = ${code}`);
      return [`enum { ${codes.join(', ')}, ${upper(name)}_COUNT = ${codes.length} };`];
    }),
    `enum { ${Object.entries(constants)
      .map(([name, value]) => `${name} = ${value}`)
      .join(', ')} };`,
    '',
    ...Object.entries(records).flatMap(([name, fields]) => [
      'typedef struct {',
      ...Object.entries(fields).map(([field, type]) => `  ${C_TYPES[type] ?? type} ${snake(field)};`),
      `} ${name};`,
      '',
    ]),
  ];
}

/** FNV-1a over the tables, as in src/engine/plan/program.ts. */
function versionOf(tables) {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(tables)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

function read(file) {
  return JSON.parse(readFileSync(join(packageRoot, 'native', file), 'utf8'));
}

/** @returns the headers' texts by their names. */
export function engineHeaders() {
  return { 'ops.h': opsHeader(), 'activations.h': activationsHeader() };
}

/** @returns the folder that they are in. */
export function writeEngineHeaders() {
  const folder = join(packageRoot, 'build', 'generated');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(engineHeaders())) writeFileSync(join(folder, name), text);
  return folder;
}
