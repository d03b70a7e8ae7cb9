export { createEngine as loadEngine } from './create-engine.js';
