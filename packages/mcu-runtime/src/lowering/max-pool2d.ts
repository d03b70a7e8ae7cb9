// maxPool2d: one plane.
import type { MaxPool2dNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import { poolPlanes, poolStep } from './pool2d.js';

export const maxPool2dStep = poolStep({ MAX_POOL2D_I8: 10, MAX_POOL2D_I32: 11 }, 10, 11);

export const maxPool2d: NodeLowering<MaxPool2dNode> = {
  perChannel: () => true,
  keepsMode: true,
  planes: (site) => poolPlanes(site, false),
};
