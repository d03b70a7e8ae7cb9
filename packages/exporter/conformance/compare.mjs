// Runs networks through implementations and compares every logit with the reference's.
import { decodeBnm, encodeBnm } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describeModel } from '@bitnetmcu/models/internal/conformance';

const SAMPLES = 8;

/** Network number `index`, as its file gives it back, with samples and the reference's logits. */
export function conformanceJob(seed, index) {
  const model = conformanceModel(seed, index);
  const reference = new ReferenceModel(model);
  const inputs = conformanceInputs(seed, index, reference.inputs, SAMPLES);
  const about = `seed ${seed}, network ${index}: ${describeModel(model)}`;
  return {
    model: decodeBnm(encodeBnm(model)),
    inputs,
    count: SAMPLES,
    about,
    expected: reference.infer(inputs, SAMPLES),
  };
}

/** @returns what differs: one line each */
export async function compareAll({ name, runAll }, jobs) {
  let results;
  try {
    results = await runAll(jobs);
  } catch (error) {
    if (jobs.length === 1) return [`${name}: ${jobs[0].about}\n  threw ${error.message}`];
    // One of them is at fault: which one, they say one by one.
    const found = [];
    for (const job of jobs) found.push(...(await compareAll({ name, runAll }, [job])));
    return found.length > 0
      ? found
      : [`${name}: fails for ${jobs.length} networks together, for none alone\n  threw ${error.message}`];
  }
  return jobs.flatMap(({ about, expected }, i) => {
    const actual = results[i];
    const at = expected.findIndex((value, output) => value !== actual[output]);
    if (at === -1 && actual.length === expected.length) return [];
    return [`${name}: ${about}\n  logit ${at} of ${SAMPLES} samples: ${expected[at]} expected, ${actual[at]} found`];
  });
}
