// A style sheet's minified text: build.mjs turns the import into a string.
declare module '*.css' {
  export const css: string
}
