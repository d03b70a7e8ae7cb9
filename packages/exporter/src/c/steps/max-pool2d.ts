// maxPool2d.
import { pool2d } from './pool2d.js';

export const maxPool2d = pool2d('max_pool2d', 'maximum');
