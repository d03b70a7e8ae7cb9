// @bitnetmcu/models/internal/conformance: what the packages of this project share and users do not need. Changes without notice.
export { describeModel } from '../conformance/run-conformance.js';
export { SeededRandom } from '../random/seeded-random.js';
export { NaiveInference } from '../testing/naive-inference.js';
