export interface WidgetSizes {
  /** Bytes after gzip -9. */
  readonly launcher: number
  readonly all: number
  /** For the script tag's `integrity`. */
  readonly integrity: string
}
export declare const SIZE_LIMITS: { readonly launcher: number; readonly all: number }
export declare function buildWeb(folder?: string): Promise<WidgetSizes>
