/** Starts n8n for end-to-end tests, and sees to it that none outlives their run. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n, type InstallOptions } from './installN8n';
import { killProcessGroup } from './killProcessGroup';
import { REPORT_FOLDER } from './projectFolder';
import { lockOf, startN8n, type RunningN8n, type StartOptions } from './startN8n';

export interface FreshOptions extends Pick<InstallOptions, 'onProgress'>, Pick<StartOptions, 'port' | 'environment'> {
	/** Of the log in `out/e2e/`. */
	name: string;
}

/**
 * Takes the user folders of a test run. Jest gives test files a `process` of their own that never hears of the end: what
 * they leave is ended by `endRun` in jest's own process, which finds it in this folder.
 */
const RUN_FOLDER = 'N8N_E2E_FOLDER';

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
export async function startFreshN8n({ name, onProgress, port, environment }: FreshOptions): Promise<RunningN8n> {
	const installed = await installN8n({ onProgress });
	return await startN8n({ installed, userFolder: createRunFolder(name), port, environment, logFile: beginLog(name) });
}

/** A new folder that goes with the run; so does the process that holds its lock. */
export function createRunFolder(name: string): string {
	const runFolder = process.env[RUN_FOLDER];
	if (!runFolder) throw new Error('Call beginRun first');
	return mkdtempSync(join(runFolder, `${name}-`));
}

/** @returns the path of a log in `out/e2e/` that does not exist yet */
export function beginLog(name: string): string {
	mkdirSync(REPORT_FOLDER, { recursive: true });
	const logFile = join(REPORT_FOLDER, `${name}.log`);
	rmSync(logFile, { force: true });
	return logFile;
}
