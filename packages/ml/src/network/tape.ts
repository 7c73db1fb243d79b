// Matrices and the tape that remembers how they were made, so that gradients find their way back (reverse mode).

/** Rows of numbers, and the gradient of the loss by each of them. */
export class Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
  #gradients: Float32Array | undefined

  constructor(rows: number, columns: number, values = new Float32Array(rows * columns)) {
    this.rows = rows
    this.columns = columns
    this.values = values
  }

  /** Zero until something is added to it. */
  get gradients(): Float32Array {
    return (this.#gradients ??= new Float32Array(this.values.length))
  }
}

/** What has to be done to carry gradients back, in the order of the way forward. null stands for a tape where nothing is learned. */
export class Tape {
  readonly #steps: (() => void)[] = []

  record(step: () => void): void {
    this.#steps.push(step)
  }

  /** Carries the gradients of the last matrix back to the first. */
  backward(): void {
    for (let at = this.#steps.length - 1; at >= 0; at -= 1) this.#steps[at]?.()
  }
}

/** The rows of these numbers, some perhaps several times. */
export function gather(tape: Tape | null, from: Matrix, rows: ArrayLike<number>): Matrix {
  const { columns } = from
  const out = new Matrix(rows.length, columns)
  for (let row = 0; row < rows.length; row += 1) {
    const start = rows[row]! * columns
    out.values.set(from.values.subarray(start, start + columns), row * columns)
  }
  tape?.record(() => {
    const into = from.gradients
    for (let row = 0; row < rows.length; row += 1) {
      const start = rows[row]! * columns
      for (let c = 0; c < columns; c += 1)
        into[start + c] = into[start + c]! + out.gradients[row * columns + c]!
    }
  })
  return out
}

/** Both added, number by number. */
export function add(tape: Tape | null, left: Matrix, right: Matrix): Matrix {
  const out = new Matrix(left.rows, left.columns)
  for (let at = 0; at < out.values.length; at += 1) out.values[at] = left.values[at]! + right.values[at]!
  tape?.record(() => {
    for (const side of [left, right])
      for (let at = 0; at < out.values.length; at += 1)
        side.gradients[at] = side.gradients[at]! + out.gradients[at]!
  })
  return out
}

/** Gaussian error linear units, by the approximation with tanh (Hendrycks and Gimpel, 2016). */
export function gelu(tape: Tape | null, input: Matrix): Matrix {
  const out = new Matrix(input.rows, input.columns)
  const slopes = tape === null ? null : new Float32Array(out.values.length)
  for (let at = 0; at < out.values.length; at += 1) {
    const x = input.values[at]!
    const inner = Math.tanh(0.7978845608 * (x + 0.044715 * x * x * x))
    out.values[at] = 0.5 * x * (1 + inner)
    if (slopes !== null)
      slopes[at] = 0.5 * (1 + inner) + 0.5 * x * (1 - inner * inner) * 0.7978845608 * (1 + 0.134145 * x * x)
  }
  tape?.record(() => {
    for (let at = 0; at < out.values.length; at += 1)
      input.gradients[at] = input.gradients[at]! + out.gradients[at]! * slopes![at]!
  })
  return out
}

/** Some of the numbers set to zero by chance and the others made larger in turn; as they are where nothing is learned. */
export function dropout(tape: Tape | null, input: Matrix, rate: number, random: () => number): Matrix {
  if (tape === null || rate === 0) return input
  const out = new Matrix(input.rows, input.columns)
  const kept = new Float32Array(out.values.length)
  for (let at = 0; at < kept.length; at += 1) {
    kept[at] = random() < rate ? 0 : 1 / (1 - rate)
    out.values[at] = input.values[at]! * kept[at]!
  }
  tape.record(() => {
    for (let at = 0; at < kept.length; at += 1)
      input.gradients[at] = input.gradients[at]! + out.gradients[at]! * kept[at]!
  })
  return out
}
