import test from 'ava'
import fc from 'fast-check'
import { classificationReport } from './classification-report.ts'

/** What scikit-learn 1.1 and Rasa 3.6.21's _add_confused_labels_to_report made of the same labels. */
test('a report has the figures that Rasa writes', t => {
  const targets = ['a', 'a', 'a', 'b', 'b', 'c']
  const predictions = ['a', 'b', 'a', 'b', 'c', 'c']
  const { report, precision, f1, accuracy } = classificationReport(targets, predictions)
  const near = (actual: number, expected: number): void => {
    t.true(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)
  }
  near(accuracy, 4 / 6)
  near(precision, (3 * 1 + 2 * 0.5 + 1 * 0.5) / 6)
  near(f1, (3 * 0.8 + 2 * 0.5 + (1 * 2) / 3) / 6)
  t.deepEqual(Object.keys(report), ['a', 'b', 'c', 'accuracy', 'macro avg', 'weighted avg', 'micro avg'])
  t.like(report['a'], { precision: 1, support: 3, confused_with: { b: 1 } })
  t.like(report['b'], { precision: 0.5, recall: 0.5, support: 2, confused_with: { c: 1 } })
  t.like(report['c'], { precision: 0.5, recall: 1, support: 1, confused_with: {} })
  t.like(report['micro avg'], { precision: accuracy, recall: accuracy, support: 6 })
})

test('tokens without an entity are counted, but do not make a bad extractor look good', t => {
  const targets = ['no_entity', 'no_entity', 'city', 'city']
  const predictions = ['no_entity', 'city', 'city', 'no_entity']
  const { report, accuracy } = classificationReport(targets, predictions, 'no_entity')
  t.deepEqual(Object.keys(report), ['city', 'accuracy', 'macro avg', 'weighted avg', 'micro avg'])
  t.like(report['micro avg'], { precision: 0.5, recall: 0.5, support: 2 })
  t.is(accuracy, 0.5)
})

test('nothing to score gives an empty report', t => {
  t.deepEqual(classificationReport([], []).report, {})
  t.deepEqual(classificationReport(['no_entity'], ['no_entity'], 'no_entity').report, {})
})

test('for every labeling: supports add up, and every score lies between 0 and 1', t => {
  const label = fc.constantFrom('a', 'b', 'c', '')
  fc.assert(
    fc.property(fc.array(fc.tuple(label, label), { minLength: 1 }), pairs => {
      const { report, accuracy } = classificationReport(
        pairs.map(([target]) => target),
        pairs.map(([, predicted]) => predicted),
      )
      const scores = Object.values(report).filter(each => typeof each !== 'number')
      const labels = scores.slice(0, -3)
      const right = pairs.filter(([one, other]) => one === other).length
      return (
        labels.reduce((sum, each) => sum + each.support, 0) === pairs.length &&
        scores.every(each => each.precision >= 0 && each.precision <= 1 && each.recall <= 1) &&
        Math.abs(accuracy - right / pairs.length) < 1e-12
      )
    }),
  )
  t.pass()
})
