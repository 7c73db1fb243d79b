// Precision, recall and F1 of labels, in the shape of Rasa's reports (scikit-learn's classification_report, completed).

export interface LabelScores {
  readonly precision: number
  readonly recall: number
  readonly 'f1-score': number
  readonly support: number
  /** Labels that were predicted in this one's place, with how often; the most frequent ones. */
  readonly confused_with?: Readonly<Record<string, number>>
}

/** Scores by label, then `accuracy`, `macro avg`, `weighted avg` and `micro avg`; empty where there is nothing to score. */
export type ReportJson = Readonly<Record<string, LabelScores | number>>

export interface ClassificationReport {
  readonly report: ReportJson
  /** Weighted by support, as Rasa prints them. */
  readonly precision: number
  readonly f1: number
  readonly accuracy: number
  readonly confusion: ConfusionMatrix
}

/** Rows are what was expected, columns what was predicted. */
export interface ConfusionMatrix {
  readonly labels: readonly string[]
  readonly counts: readonly (readonly number[])[]
}

/** Labels beside the diagonal that a report names for each label. */
const MOST_CONFUSED = 3

/** The report over pairs of expected and predicted labels; `excluded` ("no_entity") is counted but not scored. */
export function classificationReport(
  targets: readonly string[],
  predictions: readonly string[],
  excluded?: string,
): ClassificationReport {
  const confusion = confusionMatrix(targets, predictions)
  const scored = [...new Set(targets)].filter(label => label !== excluded).toSorted(byText)
  const hits = targets.filter((target, index) => target === predictions[index]).length
  const accuracy = targets.length === 0 ? 0 : hits / targets.length
  if (scored.length === 0) return { report: {}, precision: 0, f1: 0, accuracy: 0, confusion }
  const counts = countsOf(confusion)
  const scores = scored.map(label => ({ label, ...scoresOf(counts, label) }))
  const weighted = average(scores, ({ support }) => support)
  const micro = microAverage(scored, counts, targets, predictions, accuracy)
  const report: Record<string, LabelScores | number> = {}
  for (const { label, ...own } of scores)
    report[label] = { ...own, confused_with: confusedWith(confusion, label, excluded) }
  report['accuracy'] = accuracy
  report['macro avg'] = average(scores, () => 1)
  report['weighted avg'] = weighted
  report['micro avg'] = micro
  return { report, precision: weighted.precision, f1: weighted['f1-score'], accuracy, confusion }
}

export function confusionMatrix(targets: readonly string[], predictions: readonly string[]): ConfusionMatrix {
  const labels = [...new Set([...targets, ...predictions])].toSorted(byText)
  const index = new Map(labels.map((label, place) => [label, place]))
  const counts = labels.map(() => labels.map(() => 0))
  targets.forEach((target, place) => {
    const row = counts[index.get(target) ?? 0]
    const column = index.get(predictions[place] ?? '') ?? 0
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1
  })
  return { labels, counts }
}

interface Counts {
  readonly expected: ReadonlyMap<string, number>
  readonly predicted: ReadonlyMap<string, number>
  readonly right: ReadonlyMap<string, number>
}

function countsOf({ labels, counts }: ConfusionMatrix): Counts {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    expected: new Map(labels.map((label, row) => [label, sum(counts[row] ?? [])])),
    predicted: new Map(labels.map((label, column) => [label, sum(counts.map(row => row[column] ?? 0))])),
    right: new Map(labels.map((label, place) => [label, counts[place]?.[place] ?? 0])),
  }
}

function scoresOf({ expected, predicted, right }: Counts, label: string): LabelScores {
  const support = expected.get(label) ?? 0
  return { ...scores(right.get(label) ?? 0, predicted.get(label) ?? 0, support), support }
}

function scores(right: number, predicted: number, expected: number): Omit<LabelScores, 'support'> {
  const precision = predicted === 0 ? 0 : right / predicted
  const recall = expected === 0 ? 0 : right / expected
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  return { precision, recall, 'f1-score': f1 }
}

function average(
  scores: readonly LabelScores[],
  weightOf: (each: LabelScores) => number,
): Omit<LabelScores, 'confused_with'> {
  const total = scores.reduce((sum, each) => sum + weightOf(each), 0)
  const mean = (key: 'precision' | 'recall' | 'f1-score'): number =>
    total === 0 ? 0 : scores.reduce((sum, each) => sum + each[key] * weightOf(each), 0) / total
  return {
    precision: mean('precision'),
    recall: mean('recall'),
    'f1-score': mean('f1-score'),
    support: scores.reduce((sum, { support }) => sum + support, 0),
  }
}

/** Over all scored labels together; where these are all labels there are, every figure of it is the accuracy. */
function microAverage(
  scored: readonly string[],
  { expected, predicted, right }: Counts,
  targets: readonly string[],
  predictions: readonly string[],
  accuracy: number,
): LabelScores {
  const all = new Set([...targets, ...predictions])
  const sum = (counts: ReadonlyMap<string, number>): number =>
    scored.reduce((total, label) => total + (counts.get(label) ?? 0), 0)
  const support = sum(expected)
  if (all.size === scored.length)
    return { precision: accuracy, recall: accuracy, 'f1-score': accuracy, support }
  return { ...scores(sum(right), sum(predicted), support), support }
}

function confusedWith(
  { labels, counts }: ConfusionMatrix,
  label: string,
  excluded: string | undefined,
): Record<string, number> {
  const row = counts[labels.indexOf(label)] ?? []
  const candidates = row
    .map((count, column) => ({ count, name: labels[column] ?? '' }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_CONFUSED)
  return Object.fromEntries(
    candidates
      .filter(({ count, name }) => count > 0 && name !== label && name !== excluded)
      .map(({ name, count }) => [name, count]),
  )
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
