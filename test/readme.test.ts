/** What README and docs promise is what the package has. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { INodePropertyOptions } from 'n8n-workflow';
import { CometApiVideo } from '../nodes/CometApiVideo/CometApiVideo.node';
import { CometApiVideoTrigger } from '../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { columnTable } from './support/columnTable';
import { TREE, missingTable, modesWithoutLine, placeOf, treeTable } from './support/documentationTree';
import { exampleSummaries, exampleTable, mostWantedExamples } from './support/exampleTable';
import { priceTable } from './support/priceTable';
import { providerSummary } from './support/providerSummary';
import { providerTable } from './support/providerTable';

const ROOT = join(__dirname, '..');
const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map((file) => `docs/${file}`)].filter(
	(file) => file.endsWith('.md'),
);
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

describe('what is made from the code', () => {
	test.each([
		['docs/output.md', 'columns', columnTable],
		['README.md', 'providers', providerSummary],
		['README.md', 'examples', mostWantedExamples],
		['docs/recipes.md', 'examples', exampleTable],
		['docs/providers.md', 'modes', providerTable],
		['docs/providers.md', 'tree', () => `\n${treeTable()}\n`],
		['docs/providers.md', 'missing', () => `\n${missingTable()}\n`],
		['docs/cost.md', 'prices', priceTable],
	])('%s: %s', (page, name, make) => {
		const place = new RegExp(`(<!-- ${name}: [^>]*-->\n)[\\s\\S]*?(<!-- /${name} -->)`);
		expect(read(page)).toMatch(place);
		const current = read(page).replace(place, `$1${make()}\n$2`);
		if (process.env.UPDATE_README) writeFileSync(join(ROOT, page), current);
		expect(read(page)).toBe(current);
	});
});

test('README is short enough to be read', () => {
	expect(read('README.md').split('\n').length).toBeLessThanOrEqual(180);
});

test('docs/providers.md says of every page of the documentation where it is in the node, or why it is not', () => {
	expect(TREE.filter((line) => placeOf(line) === '' && !line.missing)).toEqual([]);
});

test('every mode of the registry is on a page of the documentation', () => {
	expect(modesWithoutLine()).toEqual(['custom/anyModel', 'custom/ownRoute']);
});

test.each(PAGES)('%s: every command, link and heading that it names exists', (page) => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	for (const [, name] of read(page).matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(name);
	for (const [, link] of read(page).matchAll(/(?:\]\(|<img src=")([^)"\s]+)[)"]/g)) {
		if (/^https?:/.test(link)) continue;
		const [file, heading] = link.split('#');
		const target = file === '' ? page : join(dirname(page), file);
		expect({ link, exists: existsSync(join(ROOT, target)) }).toEqual({ link, exists: true });
		if (heading) expect(anchorsOf(target)).toContain(heading);
	}
	for (const [, file] of read(page).matchAll(/`(examples\/[\w-]+\.json)`/g))
		expect({ file, exists: existsSync(join(ROOT, file)) }).toEqual({ file, exists: true });
});

function anchorsOf(page: string): string[] {
	return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replace(/ /g, '-'),
	);
}

test('every option of the nodes that the pages name in bold exists', () => {
	const nodes = [new CometApiVideo(), new CometApiVideoTrigger()];
	const labels = new Set(nodes.flatMap(({ description }) => labelsOf(description.properties)));
	const named = PAGES.flatMap((page) =>
		[...read(page).matchAll(/options? (?:\*\*)?([A-Z][\w ()]+?)(?:\*\*|[:,.)] )/g)].map(([, label]) => label),
	);
	expect(named.length).toBeGreaterThan(5);
	for (const label of named) expect(labels).toContain(label);
});

test('docs/which-model.md names jobs, modes and providers as the panel does', () => {
	const { properties } = new CometApiVideo().description;
	const choices = (name: string) =>
		properties.flatMap((property) =>
			property.name === name ? ((property.options ?? []) as INodePropertyOptions[]).map((option) => option.name) : [],
		);
	const names = ['resource', 'operation', 'provider', 'mode'].flatMap(choices);
	const known = new Set([...names, ...names.map((name) => name.replace(/ \(Switched Off\)$/, ''))]);
	const bold = [...read('docs/which-model.md').matchAll(/\*\*(.+?)\*\*/g)].flatMap(([, name]) => name.split(' > '));
	expect(bold.length).toBeGreaterThan(20);
	expect(bold.filter((name) => !known.has(name))).toEqual([]);
	// Modes that are named in the text, with the provider's model behind them.
	for (const mode of ['Omni Video', 'Avatar', 'Lip Sync', 'Character Performance', 'Reference to Video']) {
		expect(read('docs/which-model.md')).toContain(mode);
		expect(known).toContain(mode);
	}
});

test('an example has one name: in its file, its title and its note', () => {
	for (const { file, name, heading } of exampleSummaries()) {
		const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
		expect({ file, heading }).toEqual({ file: `${slug}.json`, heading: name });
	}
});

test('every message that the pages explain is one of the node', () => {
	const source = sourceOf(join(ROOT, 'nodes'));
	const [table = ''] = read('docs/messages.md').split('\n## ');
	const beginnings = [...table.matchAll(/^\| (.+?) \| /gm)]
		.slice(1)
		.flatMap(([, cell]) => cell.split(/, (?=[A-Z])|…/))
		.map((part) => part.trim())
		.filter((part) => part.length > 8);
	expect(beginnings.length).toBeGreaterThan(20);
	for (const beginning of beginnings)
		expect({ beginning, isThere: isIn(source, beginning) }).toEqual({ beginning, isThere: true });
});

/** Some begin with the name of the service that is meant. */
function isIn(source: string, beginning: string): boolean {
	return source.includes(beginning) || source.includes(`} ${beginning.replace(/^(CometAPI|n8n) /, '')}`);
}

function sourceOf(folder: string): string {
	return readdirSync(folder, { withFileTypes: true })
		.map((entry) => {
			const path = join(folder, entry.name);
			return entry.isDirectory() ? sourceOf(path) : path.endsWith('.ts') ? readFileSync(path, 'utf8') : '';
		})
		.join('\n');
}

function labelsOf(properties: ReadonlyArray<{ displayName?: string; options?: unknown }>): string[] {
	return properties.flatMap(({ displayName, options }) => [
		displayName ?? '',
		...labelsOf(Array.isArray(options) ? (options as Array<{ displayName?: string }>) : []),
	]);
}
