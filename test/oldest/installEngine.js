/** jest's global set-up: an old engine of n8n, in a folder of its own, installed once. */
const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, mkdtempSync, writeFileSync } = require('node:fs');
const { homedir, tmpdir } = require('node:os');
const { join } = require('node:path');

/** The oldest of n8n-core whose packages can all be had. It is that of n8n 1.85. */
const VERSION = '1.84.0';

const folder = join(homedir(), '.cache', 'n8n-nodes-cometapi-video', `n8n-core-${VERSION}`);

module.exports = function installEngine() {
	process.env.ENGINE_TEST_FOLDER = mkdtempSync(join(tmpdir(), 'n8n-engines-'));
	const marker = join(folder, 'installed');
	if (existsSync(marker)) return;
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'package.json'), '{ "private": true }');
	const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
	execFileSync('npm', ['install', ...options, `n8n-core@${VERSION}`], { cwd: folder, stdio: 'inherit' });
	writeFileSync(marker, '');
};

module.exports.folder = folder;
