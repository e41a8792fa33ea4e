/** Starts n8n for end-to-end tests, and sees to it that none outlives their run. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n, type InstallOptions } from './installN8n';
import { killProcessGroup } from './killProcessGroup';
import { REPORT_FOLDER } from './projectFolder';
import { findN8nPort, lockOf, startN8n, type RunningN8n, type StartOptions } from './startN8n';

export interface FreshOptions extends Pick<InstallOptions, 'onProgress'>, Pick<StartOptions, 'environment'> {
	/** Of the log in `out/e2e/`. */
	name: string;
}

/**
 * Takes the user folders of a test run. Jest gives test files a `process` of their own that never hears of the end: what
 * they leave is ended by `endRun` in jest's own process, which finds it in this folder.
 */
const RUN_FOLDER = 'N8N_E2E_FOLDER';
/** Of an empty folder in it, which stands for a port that is taken. */
const PORT_PREFIX = 'port-';

/** To be called once per test run, before all scenarios. */
export function beginRun(): void {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-e2e-'));
	process.env[RUN_FOLDER] = folder;
	process.once('exit', endRun);
}

/** Ends every n8n of the run that is still there. */
export function endRun(): void {
	const folder = process.env[RUN_FOLDER];
	if (!folder || !existsSync(folder)) return;
	for (const name of readdirSync(folder)) {
		const pid = lockOf(join(folder, name)).readHolder();
		if (pid !== 0 && pid !== process.pid) killProcessGroup(pid);
	}
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** A new, empty n8n with the package as npm would publish it. Its user folder goes with the run. */
export async function startFreshN8n({ name, onProgress, environment }: FreshOptions): Promise<RunningN8n> {
	const installed = await installN8n({ onProgress });
	const [userFolder, port] = [createRunFolder(name), await claimPort()];
	return await startN8n({ installed, userFolder, port, environment, logFile: beginLog(name) });
}

/** Nobody else of the run gets it: not while its n8n is starting, and not while that is started anew. */
export async function claimPort(): Promise<number> {
	for (;;) {
		const port = await findN8nPort();
		if (isMine(port)) return port;
	}
}

function isMine(port: number): boolean {
	try {
		mkdirSync(join(readRunFolder(), `${PORT_PREFIX}${port}`));
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

/** A new folder that goes with the run; so does the process that holds its lock. */
export function createRunFolder(name: string): string {
	return mkdtempSync(join(readRunFolder(), `${name}-`));
}

function readRunFolder(): string {
	const folder = process.env[RUN_FOLDER];
	if (!folder) throw new Error('Call beginRun first');
	return folder;
}

/** @returns the path of a log in `out/e2e/` that does not exist yet */
export function beginLog(name: string): string {
	mkdirSync(REPORT_FOLDER, { recursive: true });
	const logFile = join(REPORT_FOLDER, `${name}.log`);
	rmSync(logFile, { force: true });
	return logFile;
}
