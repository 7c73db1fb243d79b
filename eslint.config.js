// Typed lint: what the compiler does not forbid. Package directions and cycles are errors here and in a test.

import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { noCycle } from './tools/lint/no-cycle.mjs'

const runtimeGlobals = {
  process: 'readonly',
  console: 'readonly',
  URL: 'readonly',
  fetch: 'readonly',
  setTimeout: 'readonly',
  clearTimeout: 'readonly',
  setInterval: 'readonly',
  clearInterval: 'readonly',
  performance: 'readonly',
  Buffer: 'readonly',
  AbortSignal: 'readonly',
}

export default defineConfig(
  { ignores: ['**/node_modules/**', '**/dist/**', '**/coverage/**', '**/fixtures/**', '**/generated/**'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { tabula: { rules: { 'no-cycle': noCycle } } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'tabula/no-cycle': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing has one name.' },
        {
          selector:
            "BinaryExpression[operator=/^[!=]==$/][left.name=/(token|secret|signature|password|digest)$/i]:not([right.type='Literal']):not([right.name='undefined'])",
          message: 'Compare secrets with isSameSecret, in constant time.',
        },
      ],
      'max-lines': ['error', { max: 400, skipComments: false }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // Loops over typed arrays stay within their bounds by how they are written; a fall-back in each would only cost time.
    files: ['packages/ml/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['packages/trainer-cli/**/*.ts', 'tools/**', 'bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{mjs,js}'],
    languageOptions: { globals: runtimeGlobals },
    rules: { 'no-undef': 'error', eqeqeq: 'error' },
  },
)
