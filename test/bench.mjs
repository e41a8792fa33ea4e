// Figures of the compiled package: how much the editor has to load, and how long n8n takes to load it. `--json` for machines.
// Prints bars beside the figures but never fails on them: a slow machine is no defect.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const nodeFile = join(root, 'dist/nodes/CometApiVideo/CometApiVideo.node.js');
const LOADS = 9;

/** Milliseconds to require the node in a fresh process that has n8n-workflow (and zod, which n8n uses itself) loaded. */
function coldLoad() {
	const script = `
		require('n8n-workflow'); require('zod');
		const start = process.hrtime.bigint();
		const { CometApiVideo } = require(${JSON.stringify(nodeFile)});
		new CometApiVideo();
		console.log(Number(process.hrtime.bigint() - start) / 1e6);`;
	return Number(execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' }));
}

function countProperties(properties) {
	return properties.reduce((sum, { options, values }) => {
		const nested = [...(options ?? []), ...(values ?? [])].filter((entry) => entry.type || entry.values);
		return sum + 1 + countProperties(nested);
	}, 0);
}

const { CometApiVideo } = require(nodeFile);
const { description } = new CometApiVideo();
const [packed] = JSON.parse(
	execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
);
const loads = Array.from({ length: LOADS }, coldLoad).sort((a, b) => a - b);

const figures = [
	{ what: 'properties of the node, nested ones included', value: countProperties(description.properties), unit: '' },
	{ what: 'description as the editor gets it', value: Math.round(JSON.stringify(description).length / 1000), unit: 'kB' },
	{ what: 'packed package', value: Math.round(packed.size / 1000), unit: 'kB', bar: '≤ 200' },
	{ what: `cold load, median of ${LOADS}`, value: Math.round(loads[Math.floor(LOADS / 2)]), unit: 'ms', bar: '≤ 60' },
];

if (process.argv.includes('--json')) {
	console.log(JSON.stringify(figures));
} else {
	for (const { what, value, unit, bar } of figures) {
		console.log(`${what.padEnd(48)} ${String(value).padStart(6)} ${unit.padEnd(3)} ${bar ? `(bar: ${bar})` : ''}`.trimEnd());
	}
}
