// The conformance suite inside simulated parts. The parts that conformance.test.ts leaves out.
import { describeConformance } from './part-conformance.js';
import { OTHER_PARTS } from './tested-parts.js';

describeConformance(OTHER_PARTS);
