// Small helpers for pictures as SVG text.

export const FONT = 'DejaVu Sans, Verdana, sans-serif'

/** Text with what XML reads as markup written out. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\uFFFD')
}

/** The whole picture, on white. */
export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

export interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly size?: number
  readonly fill?: string
  /** Degrees around its own place. */
  readonly turn?: number
}

export function textAt(x: number, y: number, text: string, options: TextOptions = {}): string {
  const { anchor = 'start', size = 12, fill = '#222', turn } = options
  const turned = turn === undefined ? '' : ` transform="rotate(${turn} ${x} ${y})"`
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${fill}"${turned}>${escapeXml(text)}</text>`
}

/** The text, cut so that it takes about so many pixels. */
export function cut(text: string, pixels: number, size = 12): string {
  const most = Math.max(1, Math.floor(pixels / (size * 0.6)))
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
