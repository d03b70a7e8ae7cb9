// @bitnetmcu/models/conformance: random models and inputs, and the comparison of an implementation with the reference. Browser-safe.
export * from './conformance/random-inputs.js';
export * from './conformance/random-model.js';
export * from './conformance/run-conformance.js';
export { SeededRandom } from './conformance/seeded-random.js';
export { NaiveInference } from './testing/naive-inference.js';
