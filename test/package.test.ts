/** What is published: the compiled package as n8n loads it, and as npm packs it. Builds `dist/` first, unless it is up to date. */
import './support/engineEnvironment';
import 'reflect-metadata';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import {
	ScriptTarget,
	createSourceFile,
	forEachChild,
	isCallExpression,
	isIdentifier,
	isPropertyAccessExpression,
	isPropertyAssignment,
	isStringLiteralLike,
} from 'typescript';
import type { Node, SourceFile } from 'typescript';
import { z } from 'zod';
import { SIMULATOR_API_KEY, Simulator, sampleVideo } from './simulator/simulator';
import { Engine, singleNodeWorkflow } from './support/engine';
import { repositoryFiles } from './support/repositoryFiles';

const ROOT = resolve(__dirname, '..');
const MAX_PACKED_BYTES = 200_000;

const packageSchema = z
	.object({
		name: z.string(),
		license: z.string(),
		author: z.object({ name: z.string().min(1), email: z.string().email() }),
		homepage: z.string().url(),
		repository: z.object({ type: z.literal('git'), url: z.string().url() }),
		keywords: z.array(z.string()),
		files: z.array(z.string()),
		scripts: z.record(z.string()),
		n8n: z.object({
			n8nNodesApiVersion: z.number(),
			nodes: z.array(z.string()).min(1),
			credentials: z.array(z.string()).min(1),
		}),
		peerDependencies: z.record(z.string()),
		devDependencies: z.record(z.string()),
	})
	.passthrough();

const packageJson = packageSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

/** Paths below a folder of the repository, with `/`. */
function filesBelow(folder: string, ending: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith(ending))
		.map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
		.sort();
}

/** Newer than all that it is made of, with a file for each source and no other. */
function isBuilt(): boolean {
	if (!existsSync(join(ROOT, 'dist'))) return false;
	const sources = ['nodes', 'credentials'].flatMap((folder) => filesBelow(folder, '.ts'));
	const compiled = filesBelow('dist', '.js');
	const expected = sources.map((path) => `dist/${path.slice(0, -'.ts'.length)}.js`);
	if (expected.sort().join() !== compiled.join()) return false;
	const changedAt = (path: string) => statSync(join(ROOT, path)).mtimeMs;
	const settings = ['gulpfile.js', 'tsconfig.json', 'package.json'];
	const inputs = [...filesBelow('nodes', ''), ...filesBelow('credentials', ''), ...settings];
	return Math.max(...inputs.map(changedAt)) < Math.min(...compiled.map(changedAt));
}

// Here, beside the other tests, which need no compiled package: nobody waits for the compiler.
if (!isBuilt()) {
	const { status, output } = spawnSync('npm', ['run', 'build'], { cwd: ROOT, encoding: 'utf8' });
	if (status !== 0) throw new Error(`dist/ could not be built:\n${output.join('')}`);
}

const COMPILED = filesBelow('dist', '.js').map((path): [string] => [path]);

/** What npm would put into the package; asks no registry. */
function packedFiles(): { size: number; paths: string[] } {
	const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{ size, files }] = z
		.tuple([z.object({ size: z.number(), files: z.array(z.object({ path: z.string() })) })])
		.parse(JSON.parse(output));
	return { size, paths: files.map(({ path }) => path) };
}

const packed = packedFiles();

describe('n8n loads the package', () => {
	let loader: PackageDirectoryLoader;

	beforeAll(async () => {
		loader = new PackageDirectoryLoader(ROOT);
		await loader.loadAll();
	});

	test('with every node and credential that package.json names', () => {
		const { nodes, credentials } = packageJson.n8n;
		expect(
			Object.values(loader.known.nodes)
				.map(({ sourcePath }) => sourcePath)
				.sort(),
		).toEqual([...nodes].sort());
		expect(
			Object.values(loader.known.credentials)
				.map(({ sourcePath }) => sourcePath)
				.sort(),
		).toEqual([...credentials].sort());
		expect(loader.known.nodes).toHaveProperty('cometApiVideo');
		expect(loader.known.nodes).toHaveProperty('cometApiVideoTrigger');
		expect(loader.known.credentials).toHaveProperty('cometApiVideoApi');
		expect(loader.known.credentials).toHaveProperty('n8nDataTableApi');
	});

	test('each node has the credentials that it asks for, and nothing of another package', () => {
		for (const { credentials = [] } of loader.types.nodes) {
			expect(credentials.map(({ name }) => name).filter((name) => !(name in loader.credentialTypes))).toEqual([]);
		}
		for (const name of ['cometApiVideo', 'cometApiVideoTrigger']) {
			expect(loader.known.credentials.cometApiVideoApi.supportedNodes).toContain(name);
			expect(loader.known.credentials.n8nDataTableApi.supportedNodes).toContain(name);
		}
	});

	test('each node and credential has a light and a dark icon, both packed', () => {
		const named = [...loader.types.nodes, ...loader.types.credentials];
		expect(named.length).toBeGreaterThan(1);
		for (const { iconUrl } of named) {
			const { light, dark } = z.object({ light: z.string(), dark: z.string() }).parse(iconUrl);
			expect(light).not.toBe(dark);
			for (const url of [light, dark]) {
				const path = url.replace(`icons/${packageJson.name}/`, '');
				expect(packed.paths).toContain(path);
				expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
			}
		}
	});

	/**
	 * n8n is silent about a codex that it cannot read, and the node is then found under no category. Nodes of the category AI
	 * are left out of the node picker's search, unless they are "Root Nodes" like an agent.
	 */
	test('each node has its codex', () => {
		for (const { name, codex } of loader.types.nodes) {
			expect(codex).toMatchObject({
				categories: ['Marketing & Content'],
				alias: expect.arrayContaining(['CometAPI']) as unknown,
				resources: {
					primaryDocumentation: [{ url: expect.any(String) as unknown }],
					credentialDocumentation: [{ url: expect.any(String) as unknown }],
				},
			});
			const { primaryDocumentation = [], credentialDocumentation = [] } = codex?.resources ?? {};
			for (const { url } of [...primaryDocumentation, ...credentialDocumentation]) expectChapter(url);
			const { sourcePath } = loader.known.nodes[name];
			const file = JSON.parse(readFileSync(join(ROOT, `${sourcePath}on`), 'utf8')) as { node: string };
			expect(file.node).toBe(`${packageJson.name}.${name}`);
		}
	});

	/** Of the README or a page of `docs`. GitHub makes a chapter's address from its heading; `readme` is the whole README. */
	function expectChapter(url: string): void {
		const [homepage] = packageJson.homepage.split('#');
		const [page, chapter] = url.split('#');
		const path = page === homepage ? 'README.md' : page.replace(`${homepage}/blob/HEAD/`, '');
		expect(path).toMatch(/^(README|docs\/[a-z-]+)\.md$/);
		const headings = readFileSync(join(ROOT, path), 'utf8').match(/^#+ .*$/gm) ?? [];
		const chapters = headings.map((heading) =>
			heading
				.replace(/^#+ /, '')
				.toLowerCase()
				.replace(/[^\w -]/g, '')
				.replaceAll(' ', '-'),
		);
		expect([...(path === 'README.md' ? ['readme'] : []), ...chapters]).toContain(chapter);
	}

	test('each credential can be tested, is documented, and hides its secrets', () => {
		for (const { test: request, documentationUrl, properties } of loader.types.credentials) {
			expect(request?.request.url).toMatch(/^\//);
			expectChapter(String(documentationUrl));
			const secrets = properties.filter(({ name }) => /key|token|secret/i.test(name));
			expect(secrets.length).toBeGreaterThan(0);
			expect(secrets.filter(({ typeOptions }) => typeOptions?.password !== true)).toEqual([]);
		}
	});

	test('and the loaded node makes a video', async () => {
		let now = Date.parse('2026-11-21T12:00:00Z');
		const simulator = await Simulator.start({ now: () => now });
		try {
			const node = loader.getNode('cometApiVideo').type as INodeType;
			const credential: ICredentialType = loader.getCredential('cometApiVideoApi').type;
			const engine = new Engine({
				nodeTypes: { video: node },
				credentialTypes: [credential],
				credentials: { cometApiVideoApi: { apiKey: SIMULATOR_API_KEY, baseUrl: simulator.baseUrl } },
			});
			const create = singleNodeWorkflow({ type: 'video', parameters: { prompt: 'A boat', waitForCompletion: false } });
			const [[created]] = (await engine.run(create, [{ json: {} }])).output('Node');
			now += 120_000;
			const parameters = { resource: 'task', operation: 'download', taskId: '={{ $json.taskId }}' };
			const [[item]] = (await engine.run(singleNodeWorkflow({ type: 'video', parameters }), [created])).output('Node');
			expect(item.json).toMatchObject({ status: 'succeeded', taskId: created.json.taskId, provider: 'seedance' });
			expect((await engine.readBinary(item, 'data')).equals(sampleVideo)).toBe(true);
		} finally {
			await simulator.close();
		}
	});
});

describe('package.json follows the rules for community nodes', () => {
	test('name, licence, keyword and addresses', () => {
		expect(packageJson.name).toMatch(/^n8n-nodes-[a-z-]+$/);
		expect(packageJson.license).toBe('MIT');
		expect(packageJson.keywords).toContain('n8n-community-node-package');
		expect(packageJson.n8n.n8nNodesApiVersion).toBe(1);
	});

	test('nothing is installed with it', () => {
		for (const key of [
			'dependencies',
			'optionalDependencies',
			'bundledDependencies',
			'bundleDependencies',
			'overrides',
		]) {
			expect(packageJson).not.toHaveProperty(key);
		}
		expect(packageJson.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test('no script runs at installation, and no field changes how it is loaded', () => {
		const atInstallation = [
			'preinstall',
			'install',
			'postinstall',
			'prepare',
			'prepublish',
			'preprepare',
			'postprepare',
		];
		expect(Object.keys(packageJson.scripts).filter((name) => atInstallation.includes(name))).toEqual([]);
		for (const key of ['type', 'main', 'exports', 'bin']) expect(packageJson).not.toHaveProperty(key);
	});

	test('tools have exact versions', () => {
		expect(
			Object.entries(packageJson.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
		).toEqual([]);
	});

	test('what n8n shall load is there', () => {
		const paths = [...packageJson.n8n.nodes, ...packageJson.n8n.credentials];
		expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
		expect(paths.filter((path) => !packed.paths.includes(path))).toEqual([]);
	});
});

describe('the packed files', () => {
	test('are the compiled ones and the papers', () => {
		expect(packageJson.files).toEqual(['dist']);
		const papers = ['package.json', 'README.md', 'LICENSE.md', 'CHANGELOG.md'];
		expect(packed.paths.filter((path) => !path.startsWith('dist/') && !papers.includes(path))).toEqual([]);
		expect(packed.paths).toEqual(expect.arrayContaining(['package.json', 'LICENSE.md']));
		expect(packed.paths.filter((path) => path.startsWith('dist/')).sort()).toEqual(
			filesBelow('dist', '').filter(isFile).sort(),
		);
	});

	test('are small', () => {
		expect(packed.size).toBeGreaterThan(10_000);
		expect(packed.size).toBeLessThanOrEqual(MAX_PACKED_BYTES);
	});

	test('come from the sources of today', () => {
		const sources = [...filesBelow('nodes', '.ts'), ...filesBelow('credentials', '.ts')];
		expect(COMPILED.flat()).toEqual(sources.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`).sort());
	});

	function isFile(path: string): boolean {
		return /\.[a-z]+$/.test(path);
	}
});

describe('compiled code', () => {
	const ALLOWED_PACKAGES = ['n8n-workflow', 'zod', 'crypto'];
	/** Refused by n8n's verification, or absent from the hosts of some users. */
	const FORBIDDEN_NAMES = [
		...[
			'setTimeout',
			'setInterval',
			'setImmediate',
			'clearTimeout',
			'clearInterval',
			'clearImmediate',
			'queueMicrotask',
		],
		...['process', 'global', 'globalThis', 'console', 'fs', '__dirname', '__filename', 'eval', 'Function'],
	];

	test.each(COMPILED)('%s requires only what every n8n has', (path) => {
		const required = requiredBy(parse(path));
		const foreign = required.filter((target) => !target.startsWith('.') && !ALLOWED_PACKAGES.includes(target));
		expect(foreign).toEqual([]);
		const own = required.filter((target) => target.startsWith('.')).map((target) => join(ROOT, dirname(path), target));
		expect(own.filter((target) => !existsSync(`${target}.js`) && !existsSync(join(target, 'index.js')))).toEqual([]);
	});

	test.each(COMPILED)('%s uses no timer, no process and no console', (path) => {
		expect(namesIn(parse(path)).filter((name) => FORBIDDEN_NAMES.includes(name))).toEqual([]);
	});

	test('the search finds what it looks for', () => {
		const source = createSourceFile(
			'sample.js',
			'const fs = require("fs"); const load = require(name); later(setTimeout, () => a.process, { console: 1 }); import("stream");',
			ScriptTarget.ES2022,
			true,
		);
		expect(requiredBy(source)).toEqual(['fs', 'name', 'stream']);
		expect(namesIn(source).filter((name) => FORBIDDEN_NAMES.includes(name))).toEqual(['fs', 'setTimeout']);
	});

	const parsed = new Map<string, SourceFile>();
	const nodes = new Map<SourceFile, Node[]>();

	function parse(path: string): SourceFile {
		const known =
			parsed.get(path) ?? createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ScriptTarget.ES2022, true);
		parsed.set(path, known);
		return known;
	}

	/** The file and all that is in it, worked out once. */
	function nodesOf(source: SourceFile): Node[] {
		const known = nodes.get(source) ?? [];
		nodes.set(source, known);
		const add = (node: Node) => {
			known.push(node);
			forEachChild(node, add);
		};
		if (known.length === 0) add(source);
		return known;
	}

	/** Arguments of `require` and `import`; a computed one as its text, which is in no list of allowed packages. */
	function requiredBy(source: SourceFile): string[] {
		return nodesOf(source).flatMap((node) => {
			if (!isCallExpression(node) || !['require', 'import'].includes(node.expression.getText(source))) return [];
			const [argument] = node.arguments;
			return [isStringLiteralLike(argument) ? argument.text : argument.getText(source)];
		});
	}

	/** Identifiers that stand for themselves: not `a.process`, and not the `console` of `{ console: 1 }`. */
	function namesIn(source: SourceFile): string[] {
		return nodesOf(source).flatMap((node) => {
			if (!isIdentifier(node)) return [];
			const { parent } = node;
			if (isPropertyAccessExpression(parent) && parent.name === node) return [];
			if (isPropertyAssignment(parent) && parent.name === node) return [];
			return [node.text];
		});
	}
});

describe('the workflows of GitHub', () => {
	const read = (name: string) => readFileSync(join(ROOT, '.github/workflows', name), 'utf8');

	test('take the actions of others by commit: a tag can be moved', () => {
		const uses = ['ci.yml', 'publish.yml'].flatMap((name) => read(name).match(/\buses:.*/g) ?? []);
		expect(uses.length).toBeGreaterThan(2);
		expect(uses.filter((line) => !/^uses: [\w/-]+@[\da-f]{40} # v\d/.test(line))).toEqual([]);
	});

	test('only the job that publishes gets the right to, and it runs no tests', () => {
		const [head, ...jobs] = read('publish.yml').split(/^ {2}(?=\w+:$)/m);
		const mayPublish = [head, ...jobs].filter((job) => /id-token|write/.test(job));
		expect(mayPublish).toEqual([expect.stringMatching(/^publish:[^]*npm publish/)]);
		expect(mayPublish[0]).not.toMatch(/npm (test|start|run (?!build\b))/);
		expect(jobs.some((job) => job.includes('npm test'))).toBe(true);
	});

	test('check each Node.js that n8n runs with', () => expect(read('ci.yml')).toContain('node: [20, 22, 24]\n'));
});

describe('the repository', () => {
	/** Put together here, so that this file does not contain what it looks for. */
	const ABSOLUTE_PATHS = ['work', 'root', 'home', 'Users'].map((folder) => `/${folder}/`);
	/** The same in every n8n container, so instructions may name it. */
	const N8N_CONTAINER_HOME = ['', 'home', 'node', '.n8n'].join('/');
	/** n8n's page with the list of workflows. */
	const N8N_WORKFLOWS_PAGE = ['', 'home', 'workflows'].join('/');
	const REGISTRY_HOSTS = ['npmjs.org', 'yarnpkg.com', 'npmmirror.com'].map((host) => ['registry', host].join('.'));

	test('names no path of a machine and no package registry', () => {
		// A folder directly below the root could be part of any address.
		const ownFolders = [ROOT, homedir()].filter((folder) => folder.split('/').length > 2);
		const forbidden = [...ABSOLUTE_PATHS, ...REGISTRY_HOSTS, ...ownFolders];
		const files = repositoryFiles(ROOT);
		expect(files).toContain('package.json');
		const found = files.flatMap((path) => {
			const text = readFileSync(join(ROOT, path), 'latin1')
				.replaceAll(N8N_CONTAINER_HOME, '')
				.replaceAll(N8N_WORKFLOWS_PAGE, '');
			return forbidden.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`);
		});
		expect(found).toEqual([]);
	});
});
