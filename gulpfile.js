const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFile, readdir, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { dest, parallel, series, src } = require('gulp');
const ts = require('typescript');

const clean = async () => {
	await rm('dist', { recursive: true, force: true });
};

const compile = async () => {
	const compiler = spawn(process.execPath, [require.resolve('typescript/bin/tsc')], { stdio: 'inherit' });
	const [exitCode] = await once(compiler, 'exit');
	if (exitCode !== 0) throw new Error('The compiler has found the errors above');
};

/** What the compiler does not emit but n8n reads beside the compiled nodes: icons and codex files. */
const assets = () =>
	// Without `encoding: false` gulp 5 corrupts binary files.
	src('nodes/**/*.{svg,png,node.json}', { base: '.', encoding: false }).pipe(dest('dist'));

const compiledFiles = async () =>
	(await readdir('dist', { recursive: true })).filter((name) => name.endsWith('.js')).map((name) => join('dist', name));

/**
 * What the compiler writes for machines that nobody has, without the blanks of each line: a sixteenth of the package. Lines stay,
 * so that a place in a stack trace can be found by number.
 */
const shorten = async () => {
	for (const file of await compiledFiles()) {
		const text = withoutPhrases(file, await readFile(file, 'utf8'));
		const kept = linesInsideTexts(file, text);
		const lines = text.split('\n').map((line, index) => (kept.has(index) ? line : line.trimStart()));
		await writeFile(file, lines.join('\n'));
	}
};

/**
 * A function of another file is called as `(0, module.name)()` so that it gets no `this`, which none of them uses; and names that
 * are exported later are announced as `exports.name = void 0`, for files that import each other in a circle.
 */
function withoutPhrases(file, text) {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	/** Pieces of text to leave out, from the last to the first. */
	const pieces = [];
	const visit = (node) => {
		if (ts.isCallExpression(node) && ts.isParenthesizedExpression(node.expression)) {
			const { expression: callee } = node.expression;
			if (
				ts.isBinaryExpression(callee) &&
				callee.left.getText() === '0' &&
				ts.isPropertyAccessExpression(callee.right)
			) {
				pieces.push([node.expression.getStart(), callee.right.getStart()], [callee.right.end, node.expression.end]);
			}
		}
		if (ts.isExpressionStatement(node) && /^(exports\.\w+ = )+void 0;$/.test(node.getText())) {
			pieces.push([node.getStart(), node.end]);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return pieces
		.sort(([left], [right]) => right - left)
		.reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text);
}

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

exports.build = series(clean, parallel(compile, assets), shorten);
