// @bitnetmcu/models/zoo: trained models by name. The list is small; a model's weights are loaded when it is asked for. Browser-safe.
export { loadZooModel } from './zoo/load-zoo-model.js';
export { findZooEntry, zoo } from './zoo/manifest.js';
export type { PublishedFigure, SeedScore, ZooEntry } from './zoo/zoo-entry.js';
