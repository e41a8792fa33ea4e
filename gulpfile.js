const { rm } = require('node:fs/promises');
const { dest, src } = require('gulp');

const clean = async () => {
	await rm('dist', { recursive: true, force: true });
};

/** What the compiler does not emit but n8n reads beside the compiled nodes: icons and codex files. */
const assets = () =>
	// Without `encoding: false` gulp 5 corrupts binary files.
	src('nodes/**/*.{svg,png,node.json}', { base: '.', encoding: false }).pipe(dest('dist'));

exports.clean = clean;
exports.assets = assets;
