// Runs the rules of n8n's own package scanner, the gate of n8n's store, on the source and on the package as npm packs it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';

const sourceFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'n8n-scan-'));
const [packed] = JSON.parse(
	execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
		cwd: sourceFolder,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	}),
);
execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);

const legs = [
	['source', await analyzePackage(sourceFolder, SOURCE_FILE_PATTERNS)],
	['package', await analyzePackage(join(folder, 'package'), ['**/*.js', 'package.json'])],
];
rmSync(folder, { recursive: true });

for (const [name, { passed, details, message }] of legs) {
	console.log(`${name}: ${passed ? 'passed' : `${message}\n${details}`}`);
}
console.log(`${packed.filename}: ${Math.round(packed.size / 1024)} kB packed, ${packed.entryCount} files`);
process.exit(legs.every(([, leg]) => leg.passed) ? 0 : 1);
