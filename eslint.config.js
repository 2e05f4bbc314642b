import js from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  {ignores: ['dist/', 'coverage/', 'node_modules/']},
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: [
            'eslint.config.js',
            'scripts/*.js',
            'test/bench/*.js',
            '.dependency-cruiser.cjs',
          ],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': ['error', {varsIgnorePattern: '^_+$', argsIgnorePattern: '^_'}],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
      // There are none of ours: tsconfig.json has erasableSyntaxOnly. They look at the type of every assignment.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
  {
    files: ['src/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', {name: 'process', message: 'Only src/main.ts touches process.'}],
      // Packages and folders are depcruise's: it sees files, this rule sees names.
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:net',
              allowImportNames: ['isIP', 'isIPv4', 'isIPv6'],
              message: 'Connections are made in the cluster, not here.',
            },
            {
              name: 'node:util',
              allowImportNames: ['styleText', 'stripVTControlCharacters'],
              message: 'The rest of node:util looks at the world outside.',
            },
          ],
          patterns: [
            {regex: '^(net|util|fs|os|path|crypto)$', message: 'Write node: before the names of Node.'},
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {selector: 'TSEnumDeclaration', message: 'Use a union of literals.'},
        {selector: 'ExportDefaultDeclaration', message: 'Use a named export.'},
      ],
    },
  },
  {files: ['src/main.ts'], rules: {'no-restricted-globals': 'off'}},
  {
    files: ['**/*.js', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      globals: {process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly'},
    },
  },
)
