// .bnt trained networks: decoded, quantized, run, encoded again.
import { quantize } from '@bitnetmcu/exporter';
import { decodeTrainedNetwork, encodeTrainedNetwork, summarizeSpec } from '@bitnetmcu/models';
import { macsOf, runModel } from '../further.mjs';
import { pick } from '../mutators/bytes.mjs';
import { mutateContainer } from '../mutators/container.mjs';
import { SPEC_VOCABULARY, trainedNetworks } from '../seeds.mjs';

export async function prepare() {
  return trainedNetworks().map(encodeTrainedNetwork);
}

export function make(random, seeds) {
  return { 'network.bnt': mutateContainer(pick(random, seeds), random, SPEC_VOCABULARY) };
}

export async function run(files) {
  const trained = decodeTrainedNetwork(files['network.bnt']);
  const macs = macsOf(summarizeSpec(trained.spec));
  if (macs > 2e7) return;
  const { model } = quantize(trained);
  await runModel(model, macs);
  decodeTrainedNetwork(encodeTrainedNetwork(trained));
}
