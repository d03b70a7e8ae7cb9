// avgPool2d.
import { pool2d } from './pool2d.js';

export const avgPool2d = pool2d('avg_pool2d', 'mean');
