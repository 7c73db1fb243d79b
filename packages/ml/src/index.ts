export * from './codec.ts'
export { ConditionalRandomField, type LabelRules, type Tagging } from './crf.ts'
export { BlendClassifier, blendOptions, type BlendOptions } from './blend-classifier.ts'
export {
  type Arena,
  arenaBytes,
  createArena,
  type Entries,
  type Kernels,
  strideOf,
} from './kernels/kernels.ts'
export { createWorkspace, type Workspace } from './network/workspace.ts'
export { type HeldOutGuess, logOdds } from './blend.ts'
export { MarginClassifier } from './margin-classifier.ts'
export { fitOddsLine, type JudgedGuess, type OddsLine } from './odds-line.ts'
export { createRandom, type Random, range, shuffle } from './random.ts'
export { type SparseRows, type SparseVector, stackRows } from './sparse-rows.ts'
export { addUnit, finishHash, HashIndex, hashWord, LETTERS_SEED, PAIR_SEED, WORD_SEED } from './term-hash.ts'
export { partOf, type TrainingControl } from './training-control.ts'
export { type LabelledSequence, trainCrf } from './train-crf.ts'
export { SequenceNetwork } from './sequence-network.ts'
export type {
  SequenceExamples,
  SequenceField,
  SequenceShape,
  SequenceStep,
  SequenceTraining,
} from './sequence-shape.ts'
export { softmaxInPlace } from './softmax.ts'
