// The rule sets that n8n's own package scanner applies to nodes/, credentials/ and package.json, and the rules that need types
// over everything that is compiled.
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import * as typescriptParser from '@typescript-eslint/parser';
import typescript from 'typescript-eslint';

const { community, credentials, nodes } = n8nNodesBase.configs;

/** n8n's rules are for what it scans, not for tests and tools. */
const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const TOOLS = ['test/**/*.ts', 'examples/**/*.ts'];

export default [
	{ ignores: ['dist/**', '.build/**', 'out/**', '.stryker-tmp/**', '*.js', '**/*.mjs'] },
	{
		files: ['**/*.ts', 'package.json'],
		languageOptions: { parser: typescriptParser, parserOptions: { extraFileExtensions: ['.json'] } },
	},
	{ ...n8nCommunityNodesPlugin.configs.recommended, files: [...SHIPPED, 'package.json'] },
	{ plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{ files: SHIPPED, rules: { 'no-console': 'error' } },
	{ files: ['package.json'], rules: community.rules },
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
	// Each with the options it is compiled with.
	{
		files: SHIPPED,
		languageOptions: { parserOptions: { project: 'tsconfig.json', tsconfigRootDir: import.meta.dirname } },
	},
	{
		files: TOOLS,
		languageOptions: { parserOptions: { project: 'test/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
	},
	{
		files: [...SHIPPED, ...TOOLS],
		plugins: { '@typescript-eslint': typescript.plugin },
		// Without require-await: n8n's interfaces want promises, and `async` makes a rejected one of what is thrown.
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/no-array-delete': 'error',
			'@typescript-eslint/no-base-to-string': 'error',
			'@typescript-eslint/no-duplicate-type-constituents': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-for-in-array': 'error',
			'@typescript-eslint/no-implied-eval': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/no-misused-spread': 'error',
			'@typescript-eslint/no-non-null-assertion': 'error',
			'@typescript-eslint/no-redundant-type-constituents': 'error',
			'@typescript-eslint/no-unnecessary-type-arguments': 'error',
			'@typescript-eslint/no-unnecessary-type-assertion': 'error',
			'@typescript-eslint/no-unsafe-argument': 'error',
			'@typescript-eslint/no-unsafe-assignment': 'error',
			'@typescript-eslint/no-unsafe-call': 'error',
			'@typescript-eslint/no-unsafe-member-access': 'error',
			'@typescript-eslint/no-unsafe-return': 'error',
			'@typescript-eslint/no-unused-expressions': 'error',
			'@typescript-eslint/only-throw-error': 'error',
			'@typescript-eslint/prefer-promise-reject-errors': 'error',
			'@typescript-eslint/restrict-plus-operands': 'error',
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
			'@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
		},
	},
	{
		files: TOOLS,
		rules: {
			// A test that compares "[object Object]" fails by itself.
			'@typescript-eslint/no-base-to-string': 'off',
			// What expect.any and its like give is any.
			'@typescript-eslint/no-unsafe-assignment': 'off',
		},
	},
];
