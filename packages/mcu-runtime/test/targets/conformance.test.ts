// The conformance suite inside simulated parts. One part of each core; the others: conformance.long.test.ts.
import { describeConformance } from './part-conformance.js';
import { TESTED_PARTS } from './tested-parts.js';

describeConformance(TESTED_PARTS);
