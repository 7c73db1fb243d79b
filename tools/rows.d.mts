export declare function rowsInTests(): readonly {
  readonly kind: string
  readonly number: number
  readonly title: string
  readonly file: string
}[]
export declare function rowsWithoutKind(): readonly string[]
export declare function page(): string
