import { mergeConfig } from 'vitest/config';
import base from '../vitest.base.js';

const { include: _, ...test } = base.test;

export default mergeConfig({ ...base, test }, { test: { include: ['*.test.mjs'] } });
