// What a classifier gets right and wrong on labelled samples: the confusion matrix, and what follows from it for each class.

export interface ClassScore {
  readonly label: string;
  /** Samples of the class. */
  readonly samples: number;
  /** Samples that were given the class. */
  readonly predicted: number;
  /** Share of the samples of the class that were given it; undefined where there is none. */
  readonly recall: number | undefined;
  /** Share of the samples given the class that are of it; undefined where there is none. */
  readonly precision: number | undefined;
}

/** One kind of mistake. */
export interface Mistake {
  readonly label: string;
  readonly predicted: string;
  readonly samples: number;
}

export interface Confusion {
  readonly labels: readonly string[];
  readonly samples: number;
  readonly correct: number;
  /** Row: the class that a sample is of; column: the class that it was given. */
  readonly matrix: readonly (readonly number[])[];
  readonly classes: readonly ClassScore[];
  /** Names of classes that samples are of and none was given. */
  readonly neverPredicted: readonly string[];
  /** All mistakes, the most frequent first. */
  readonly mistakes: readonly Mistake[];
}

/** @param labels names of the classes; classes and predictions are indices into them, one a sample */
export function confusionOf(
  labels: readonly string[],
  classes: ArrayLike<number>,
  predictions: ArrayLike<number>,
): Confusion {
  const matrix = labels.map(() => new Array<number>(labels.length).fill(0));
  for (let i = 0; i < classes.length; i++) matrix[classes[i]!]![predictions[i]!]!++;
  const predictedOf = labels.map((_, column) => sum(matrix.map((row) => row[column]!)));
  const scores = labels.map((label, i): ClassScore => {
    const samples = sum(matrix[i]!);
    const right = matrix[i]![i]!;
    const predicted = predictedOf[i]!;
    return {
      label,
      samples,
      predicted,
      recall: samples === 0 ? undefined : right / samples,
      precision: predicted === 0 ? undefined : right / predicted,
    };
  });
  const mistakes = matrix
    .flatMap((row, i) =>
      row.flatMap((samples, j) =>
        i === j || samples === 0 ? [] : [{ label: labels[i]!, predicted: labels[j]!, samples }],
      ),
    )
    .sort((a, b) => b.samples - a.samples);
  return {
    labels,
    samples: classes.length,
    correct: sum(matrix.map((row, i) => row[i]!)),
    matrix,
    classes: scores,
    neverPredicted: scores.filter(({ samples, predicted }) => samples > 0 && predicted === 0).map(({ label }) => label),
    mistakes,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The matrix as CSV: the first row and column have the names. Cells that a spreadsheet would compute get an apostrophe in front. */
export function confusionCsv({ labels, matrix }: Pick<Confusion, 'labels' | 'matrix'>): string {
  const rows = [
    ['is \\ given', ...labels].map(csvCell),
    ...matrix.map((row, i) => [csvCell(labels[i]!), ...row.map(String)]),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
