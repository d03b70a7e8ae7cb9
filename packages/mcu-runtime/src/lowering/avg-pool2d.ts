// avgPool2d: one plane.
import type { AvgPool2dNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import { poolPlanes, poolStep } from './pool2d.js';

export const avgPool2dStep = poolStep({ AVG_POOL2D_I8: 12, AVG_POOL2D_I32: 13 }, 12, 13);

export const avgPool2d: NodeLowering<AvgPool2dNode> = {
  perChannel: () => true,
  keepsMode: true,
  planes: (site) => poolPlanes(site, site.node.countIncludePad),
};
