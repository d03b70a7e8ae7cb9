// The best figures published for the original BitNetMCU project: MNIST resized to 16×16, by the flash that the weights take.

/** `preset` is the network of that shape here; `weightBytes` what its weights take here. Accuracies are shares of 1. */
export const PUBLISHED_FIGURES = [
  { preset: 'fc-1k', network: '256-16-16-10 2bitsym', weightBytes: 1128, accuracy: 0.9422 },
  { preset: 'cnn-16-small', network: 'CNN 16, linear 64-48', weightBytes: 3232, accuracy: 0.9892 },
  { preset: 'cnn-16', network: 'CNN 16, linear 96-64', weightBytes: 5360, accuracy: 0.9906 },
  { preset: 'cnn-32', network: 'CNN 32, linear 96-64', weightBytes: 7328, accuracy: 0.9928 },
  { preset: 'cnn-48', network: 'CNN 48, linear 96-64', weightBytes: 9296, accuracy: 0.9944 },
  { preset: 'cnn-64', network: 'CNN 64, linear 96-64', weightBytes: 11_264, accuracy: 0.9955 },
  { preset: 'fc-12k', network: '256-64-64-64-10 4bitsym', weightBytes: 12_608, accuracy: 0.9902 },
  { preset: 'fc-12k-fp130', network: '256-64-64-64-10 FP130', weightBytes: 12_608, accuracy: 0.9886 },
  { preset: 'cnn-96-ternary', network: 'CNN 96, ternary linear 96-64', weightBytes: 13_376, accuracy: 0.9958 },
];

/** The figure that an entry is compared with: that of its own shape, or the one that it names by its accuracy in percent. */
export function publishedFigure({ name, published }) {
  const figure = PUBLISHED_FIGURES.find((candidate) =>
    published === undefined ? candidate.preset === name : Math.abs(candidate.accuracy * 100 - published) < 1e-6,
  );
  if (figure === undefined && published !== undefined) {
    throw new Error(`${name}: no published figure of ${published} %; see zoo/published-figures.mjs.`);
  }
  return figure && { network: figure.network, accuracy: figure.accuracy };
}
