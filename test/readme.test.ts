/** What the README promises is what the package has. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CometApiVideo } from '../nodes/CometApiVideo/CometApiVideo.node';
import { CometApiVideoTrigger } from '../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { columnTable } from './support/columnTable';
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
