// The registry of layers: every member stands under its own type, in its own file, with a line of documentation.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { networkSpecJsonSchema } from '../json-schema.js';
import { type LayerType, layers } from './index.js';

describe('the registry of layers', () => {
  it.each(Object.keys(layers) as LayerType[])('%s', (type) => {
    const file = type.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    expect(layers[type].schema.shape.type.value).toBe(type);
    expect(existsSync(new URL(`./${file}.ts`, import.meta.url))).toBe(true);
    expect(layers[type].meaning).toMatch(/^[^\n|]{10,}$/);
    expect(JSON.stringify(networkSpecJsonSchema())).toContain(`"const":"${type}"`);
  });
});
