// @bitnetmcu/studies/internal: what the packages of this project share and users do not need. Changes without notice.
export { hypervolume } from '../front/hypervolume.js';
export { holm } from '../statistics/holm.js';
export { meanAndDeviation } from '../statistics/mean-deviation.js';
export { packRight, unpackRight } from '../statistics/right-bits.js';
