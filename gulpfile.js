const { readFile, readdir, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { dest, series, src } = require('gulp');
const ts = require('typescript');

const clean = async () => {
	await rm('dist', { recursive: true, force: true });
};

/** What the compiler does not emit but n8n reads beside the compiled nodes: icons and codex files. */
const assets = () =>
	// Without `encoding: false` gulp 5 corrupts binary files.
	src('nodes/**/*.{svg,png,node.json}', { base: '.', encoding: false }).pipe(dest('dist'));

const compiledFiles = async () =>
	(await readdir('dist', { recursive: true })).filter((name) => name.endsWith('.js')).map((name) => join('dist', name));

/** The compiler indents what nobody edits: a twentieth of the package. Lines stay, so that they can be found by number. */
const unindent = async () => {
	for (const file of await compiledFiles()) {
		const text = await readFile(file, 'utf8');
		const kept = linesInsideTexts(file, text);
		const lines = text.split('\n').map((line, index) => (kept.has(index) ? line : line.trimStart()));
		await writeFile(file, lines.join('\n'));
	}
};

/** Lines that begin inside a template literal, where blanks count. */
function linesInsideTexts(file, text) {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
	const lines = new Set();
	const visit = (node) => {
		if (ts.isTemplateLiteralToken(node)) {
			const [first, last] = [node.getStart(source), node.end].map(
				(place) => source.getLineAndCharacterOfPosition(place).line,
			);
			for (let line = first + 1; line <= last; line++) lines.add(line);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return lines;
}

exports.clean = clean;
exports.assets = series(assets, unindent);
