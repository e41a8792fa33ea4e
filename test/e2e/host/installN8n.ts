/**
 * Installs a complete n8n, and the Node 24 that it needs, into a cache folder. Once: a second call finds everything.
 * An installation that was interrupted goes on after the last part that was finished. Starting n8n is startN8n.ts.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstalledN8n } from './installedN8n';
import {
	HOST_DEFINITION_FILES,
	HOST_DEFINITION_FOLDER,
	hashHostDefinition,
	locateN8n,
	nodePackageName,
} from './installedN8n';
import { LockFile } from './lockFile';
import { CommandFailure, runCommand, runNpm } from './runCommand';

export interface InstallOptions {
	/** Default: the environment variable N8N_HOST_CACHE, else a folder in ~/.cache. */
	cacheFolder?: string;
	/** Takes one line at a time. */
	onProgress?: (line: string) => void;
}

type Progress = NonNullable<InstallOptions['onProgress']>;

const NODE_VERSION = '24';
const NEEDED_BYTES = 4 * 1000 ** 3;
const NPM_OPTIONS = ['--ignore-scripts', '--no-audit', '--no-fund'];
/** Parts of n8n that are compiled for the machine, where there is no ready-made one to download. */
const COMPILED_PACKAGES = ['sqlite3', 'isolated-vm'];
const REMINDER_MS = 20_000;
const LOCK_CHECK_MS = 2_000;

/** @throws an error that says what to do: no network, no space, no compiler, a platform without n8n. */
export async function installN8n({ cacheFolder, onProgress = () => {} }: InstallOptions = {}): Promise<InstalledN8n> {
	const installed = locateN8n(cacheFolder);
	if (isComplete(installed)) return installed;
	mkdirSync(installed.cacheFolder, { recursive: true });
	const lock = new LockFile(join(installed.cacheFolder, 'install.lock'));
	await takeLock(lock, onProgress);
	try {
		if (!isComplete(installed)) await install(installed, onProgress);
	} catch (error) {
		throw error instanceof CommandFailure ? explain(error) : error;
	} finally {
		lock.release();
	}
	return installed;
}

async function install(installed: InstalledN8n, onProgress: Progress): Promise<void> {
	const { cacheFolder, hostFolder, nodeFolder, version } = installed;
	const logFile = join(cacheFolder, 'install.log');
	onProgress(`Installing n8n ${version} into ${cacheFolder}. This is done once and takes some minutes and 2.5 GB.`);
	if (!existsSync(hostFolder)) assertSpace(cacheFolder);

	await report('Node 24', onProgress, async () => {
		if (existsSync(join(nodeFolder, 'bin', 'node'))) return;
		const folder = join(cacheFolder, 'node');
		mkdirSync(folder, { recursive: true });
		await runNpm(['install', '--prefix', folder, ...NPM_OPTIONS, `${nodePackageName()}@${NODE_VERSION}`], {
			folder,
			logFile,
		});
	});

	await report('n8n itself', onProgress, async () => {
		const definition = hashHostDefinition();
		const marker = join(hostFolder, 'downloaded');
		if (readText(marker) === definition) return;
		// Packages that npm was unpacking when it was killed look complete to npm: it must not go on from them.
		rmSync(hostFolder, { recursive: true, force: true, maxRetries: 5 });
		mkdirSync(hostFolder, { recursive: true });
		for (const name of HOST_DEFINITION_FILES) copyFileSync(join(HOST_DEFINITION_FOLDER, name), join(hostFolder, name));
		// Not `npm ci`: the lock lacks the optional packages of other platforms than the one it was made on.
		await runNpm(['install', '--prefix', hostFolder, '--legacy-peer-deps', ...NPM_OPTIONS], {
			folder: hostFolder,
			logFile,
		});
		writeFileSync(marker, definition);
	});

	await report(`the compiled parts (${COMPILED_PACKAGES.join(', ')})`, onProgress, async () => {
		const environment = {
			PATH: `${join(nodeFolder, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
			npm_config_nodedir: nodeFolder,
		};
		const options = { folder: hostFolder, environment, logFile };
		await runNpm(['rebuild', '--prefix', hostFolder, '--ignore-scripts=false', ...COMPILED_PACKAGES], options);
		const load = COMPILED_PACKAGES.map((name) => `require('${name}')`).join(';');
		await runCommand(join(nodeFolder, 'bin', 'node'), ['-e', load], options);
	});

	writeFileSync(markerOf(installed), hashHostDefinition());
	onProgress('n8n is installed.');
}

/** Written last, so that it stands for a complete installation of exactly these versions. */
const markerOf = ({ cacheFolder }: InstalledN8n) => join(cacheFolder, 'installed');

const isComplete = (installed: InstalledN8n) => readText(markerOf(installed)) === hashHostDefinition();

function readText(file: string): string | undefined {
	return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function report(what: string, onProgress: Progress, action: () => Promise<void>): Promise<void> {
	const startedAt = Date.now();
	const seconds = () => Math.round((Date.now() - startedAt) / 1000);
	const reminder = setInterval(() => onProgress(`  ${what}: ${seconds()} s …`), REMINDER_MS);
	try {
		await action();
	} finally {
		clearInterval(reminder);
	}
	onProgress(`  ${what}: done in ${seconds()} s`);
}

async function takeLock(lock: LockFile, onProgress: Progress): Promise<void> {
	for (let isTold = false; ; isTold = true) {
		const holder = lock.take();
		if (holder === 0) return;
		if (!isTold) onProgress(`Process ${holder} is installing n8n already; waiting for it.`);
		await sleep(LOCK_CHECK_MS);
	}
}

function assertSpace(folder: string): void {
	const { bavail, bsize } = statfsSync(folder);
	if (bavail * bsize >= NEEDED_BYTES) return;
	const free = ((bavail * bsize) / 1000 ** 3).toFixed(1);
	throw new Error(
		`n8n needs 4 GB on the disk while it is installed, and ${folder} has ${free} GB. Make room, or set N8N_HOST_CACHE to a folder elsewhere.`,
	);
}

/** The first one that fits what npm printed. */
const EXPLANATIONS: ReadonlyArray<[RegExp, string]> = [
	[/ENOSPC|no space left/i, 'The disk is full. Make room, or set N8N_HOST_CACHE to a folder elsewhere.'],
	[
		/(?:code|errno) (?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)/,
		'npm could not reach its registry. Check the connection and the proxy, then run the same command again.',
	],
	[
		/code (?:E40\d|ETARGET)/,
		"npm's registry does not give out one of the packages. Which one npm uses says: npm config get registry",
	],
	[
		/gyp ERR|gyp failed|not found: make|C\+\+ compiler/i,
		[
			'A part of n8n has to be compiled here. That takes Python 3 (from 3.12 on with setuptools), make and a C++ compiler.',
			'Debian: apt install python3 python3-setuptools make g++. macOS: xcode-select --install.',
		].join('\n'),
	],
];

function explain(failure: CommandFailure): Error {
	const [, advice] = EXPLANATIONS.find(([pattern]) => pattern.test(failure.lastLines)) ?? [];
	return new Error([advice ?? 'n8n could not be installed.', failure.message].join('\n'), { cause: failure });
}
