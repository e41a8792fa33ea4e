/** What the README promises is what the package has. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CometApiVideo } from '../nodes/CometApiVideo/CometApiVideo.node';
import { CometApiVideoTrigger } from '../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { columnTable } from './support/columnTable';
import { TREE, missingTable, modesWithoutLine, placeOf, treeTable } from './support/documentationTree';
import { providerTable } from './support/providerTable';

const ROOT = join(__dirname, '..');
const README = join(ROOT, 'README.md');
const TABLE = /(<!-- providers: [^>]*-->\n)[\s\S]*?(<!-- \/providers -->)/;

const COLUMNS = /(<!-- columns: [^>]*-->\n)[\s\S]*?(<!-- \/columns -->)/;

const readReadme = () => readFileSync(README, 'utf8');

test('the table of providers is the registry', () => {
	const current = readReadme().replace(TABLE, `$1${providerTable()}\n$2`);
	if (process.env.UPDATE_README) writeFileSync(README, current);
	expect(readReadme()).toBe(current);
});

test('the table of columns is the one that the rows are made from', () => {
	const current = readReadme().replace(COLUMNS, `$1${columnTable()}\n$2`);
	if (process.env.UPDATE_README) writeFileSync(README, current);
	expect(readReadme()).toBe(current);
});

const PROVIDERS = join(ROOT, 'docs', 'providers.md');
const TREE_PART = /(<!-- tree: [^>]*-->\n)[\s\S]*?(<!-- \/tree -->)/;
const MISSING_PART = /(<!-- missing: [^>]*-->\n)[\s\S]*?(<!-- \/missing -->)/;

test('docs/providers.md says of every page of the documentation where it is in the node, or why it is not', () => {
	expect(TREE.filter((line) => placeOf(line) === '' && !line.missing)).toEqual([]);
	const read = () => readFileSync(PROVIDERS, 'utf8');
	const current = read()
		.replace(TREE_PART, (_all, start: string, end: string) => `${start}\n${treeTable()}\n\n${end}`)
		.replace(MISSING_PART, (_all, start: string, end: string) => `${start}\n${missingTable()}\n\n${end}`);
	if (process.env.UPDATE_README) writeFileSync(PROVIDERS, current);
	expect(read()).toBe(current);
});

test('every mode of the registry is on a page of the documentation', () => {
	expect(modesWithoutLine()).toEqual(['custom/anyModel', 'custom/ownRoute']);
});

test('every command of the README exists', () => {
	const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
		scripts: Record<string, string>;
	};
	const named = [...readReadme().matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
	expect(named.length).toBeGreaterThan(5);
	for (const name of named) expect(scripts).toHaveProperty(name);
});

test('every option of the nodes that the README names in bold exists', () => {
	const nodes = [new CometApiVideo(), new CometApiVideoTrigger()];
	const labels = new Set(nodes.flatMap(({ description }) => labelsOf(description.properties)));
	const named = [...readReadme().matchAll(/options? (?:\*\*)?([A-Z][\w ()]+?)(?:\*\*|[:,.)] )/g)].map(
		([, label]) => label,
	);
	expect(named.length).toBeGreaterThan(5);
	for (const label of named) expect(labels).toContain(label);
});

function labelsOf(properties: ReadonlyArray<{ displayName?: string; options?: unknown }>): string[] {
	return properties.flatMap(({ displayName, options }) => [
		displayName ?? '',
		...labelsOf(Array.isArray(options) ? (options as Array<{ displayName?: string }>) : []),
	]);
}
