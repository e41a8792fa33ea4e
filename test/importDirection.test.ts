/** Who may import whom: providers stay pure descriptions, and the words of the domain (`task/`) know nobody. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { preProcessFile } from 'typescript';

const NODE_FOLDER = join(__dirname, '../nodes/CometApiVideo');
const CREDENTIALS_FOLDER = join(__dirname, '../credentials');

/** Beginnings of paths below the node's folder. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
	node: ['operations/', 'watch/', 'description/', 'journal/', 'providers/', 'task/'],
	operations: [
		'operations/',
		'account/',
		'description/',
		'journal/',
		'providers/',
		'wait/',
		'join/',
		'subWorkflow/',
		'service/',
		'task/',
	],
	watch: ['watch/', 'account/', 'description/', 'journal/', 'providers/', 'service/', 'task/'],
	description: ['description/', 'providers/types', 'providers/jobs', 'journal/dataTables', 'wait/job', 'task/'],
	providers: [
		'providers/types',
		'providers/jobs',
		'providers/fields',
		'providers/sizes',
		'providers/request',
		'providers/unified',
		'service/reader/',
		'task/',
	],
	account: ['account/', 'providers/', 'service/', 'task/'],
	journal: ['journal/', 'subWorkflow/', 'service/', 'task/'],
	join: ['join/', 'service/', 'task/'],
	subWorkflow: ['subWorkflow/', 'task/'],
	wait: ['wait/', 'service/', 'task/'],
	service: ['service/', 'task/'],
	task: ['task/'],
	credentials: ['service/origin', 'task/asText'],
};

const ALLOWED_PACKAGES = ['n8n-workflow', 'zod', 'crypto'];

interface Module {
	/** Below the node's folder, without extension; credentials begin with `credentials/`. */
	name: string;
	layer: string;
	/** Modules of our own, named like this one. */
	imports: string[];
	packages: string[];
}

function readModules(folder: string, prefix: string): Module[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.ts'))
		.map((path) => {
			const file = join(folder, path);
			const found = preProcessFile(readFileSync(file, 'utf8')).importedFiles.map(({ fileName }) => fileName);
			const name = prefix + path.replace(/\.ts$/, '');
			return {
				name,
				layer: name.includes('/') ? name.split('/')[0] : 'node',
				imports: found.filter(isRelative).map((target) => relative(NODE_FOLDER, join(dirname(file), target))),
				packages: found.filter((target) => !isRelative(target)),
			};
		});
}

function isRelative(target: string): boolean {
	return target.startsWith('.');
}

const MODULES = [...readModules(NODE_FOLDER, ''), ...readModules(CREDENTIALS_FOLDER, 'credentials/')].map(
	(module): [string, Module] => [module.name, module],
);

/** Only the list of the registry, and a provider that is a folder, name provider files. */
function isAllowed({ name, layer }: Module, target: string): boolean {
	const path = target.includes('/') ? target : `${target}/`;
	if (ALLOWED[layer].some((beginning) => path.startsWith(beginning))) return true;
	// The panel is made from the registry, and knows no provider by name.
	if (layer === 'description') return path === 'providers/';
	if (layer !== 'providers') return false;
	if (name === 'providers/taskReference') return path === 'providers/' || path === 'providers/custom';
	return name === 'providers/index' || (dirname(name) !== 'providers' && dirname(path) === dirname(name));
}

test('the sources have the layers of the design and no others', () => {
	const layers = new Set(MODULES.map(([, { layer }]) => layer));
	expect([...layers].filter((layer) => !(layer in ALLOWED))).toEqual([]);
	expect([...layers]).toEqual(
		expect.arrayContaining(['node', 'operations', 'description', 'providers', 'service', 'task', 'wait']),
	);
});

test.each(MODULES)('%s imports what its layer may', (_name, module) => {
	expect(module.imports.filter((target) => !isAllowed(module, target))).toEqual([]);
});

test.each(MODULES)('%s needs no package that a host of n8n does not bring', (_name, { name, packages }) => {
	// The type of a stream, which leaves nothing in the compiled file (test/package.test.ts looks there).
	const known = name === 'service/downloadStream' ? [...ALLOWED_PACKAGES, 'stream'] : ALLOWED_PACKAGES;
	expect(packages.filter((target) => !known.includes(target))).toEqual([]);
});
