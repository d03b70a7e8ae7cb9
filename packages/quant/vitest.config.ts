import { mergeConfig } from 'vitest/config';
import base, { sharedModules } from '../../vitest.base.js';

export default mergeConfig(base, sharedModules);
