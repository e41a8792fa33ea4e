/** What is shipped: how much the editor has to load, how large it is, and how long n8n takes to load it. */
import { execFileSync } from 'node:child_process';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { NODE_FILE, ROOT, TRIGGER_FILE, loadCompiledPackage } from './compiledPackage';
import type { Figure } from './figure';

/** The fastest counts: the work is the same each time, and whatever else the machine does only adds to it. */
const LOADS = 9;

export async function measurePackage(): Promise<Figure[]> {
	const { description } = loadCompiledPackage().createNode();
	return [
		{
			what: `cold load of both nodes, fastest of ${LOADS} processes`,
			value: Math.min(...Array.from({ length: LOADS }, loadCold)),
			unit: 'ms',
			bar: 60,
			time: 'real',
		},
		{ what: 'packed package', value: measurePackedBytes() / 1000, unit: 'kB', bar: 200, time: 'none' },
		{
			what: 'properties of the node, nested ones included',
			value: countProperties(description.properties),
			time: 'none',
		},
		{
			what: 'description as the editor gets it',
			value: JSON.stringify(description).length / 1000,
			unit: 'kB',
			time: 'none',
		},
	];
}

/** Milliseconds to require both nodes in a fresh process that has n8n-workflow (and zod, which n8n uses itself) loaded. */
function loadCold(): number {
	const script = `
		require('n8n-workflow'); require('zod');
		const start = process.hrtime.bigint();
		new (require(${JSON.stringify(NODE_FILE)}).CometApiVideo)();
		new (require(${JSON.stringify(TRIGGER_FILE)}).CometApiVideoTrigger)();
		console.log(Number(process.hrtime.bigint() - start) / 1e6);`;
	return Number(execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' }));
}

function measurePackedBytes(): number {
	const report = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{ size }] = JSON.parse(report) as Array<{ size: number }>;
	return size;
}

type Entry = INodeProperties | INodePropertyCollection | INodePropertyOptions;

function countProperties(entries: readonly Entry[]): number {
	return entries.reduce((sum, entry) => {
		const nested = [
			...('options' in entry ? (entry.options ?? []) : []),
			...('values' in entry ? entry.values : []),
		] as Entry[];
		return sum + 1 + countProperties(nested.filter((inner) => 'type' in inner || 'values' in inner));
	}, 0);
}
