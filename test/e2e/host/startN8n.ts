/** Runs an installed n8n as a child process, with our package as npm would publish it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, findFreePortBetween } from './findFreePort';
import type { InstalledN8n } from './installedN8n';
import { killProcessGroup } from './killProcessGroup';
import { LockFile } from './lockFile';
import { N8nClient } from './n8nClient';
import { buildN8nEnvironment } from './n8nEnvironment';
import { packPackage } from './packPackage';
import { PACKAGE_NAME } from './projectFolder';
import { readLastLines } from './readLastLines';

export interface StartOptions {
	installed: InstalledN8n;
	/** Holds n8n's database, files and keys; used again by the next start. One n8n at a time. */
	userFolder: string;
	/** 0 or absent: a free one from 5710 to 5799. */
	port?: number;
	/** More settings of n8n, or others than ours. */
	environment?: Readonly<Record<string, string>>;
	/** Default: n8n.log in the user folder. */
	logFile?: string;
}

export interface RunningN8n {
	/** Signed in as the owner. */
	client: N8nClient;
	/** Without a slash at the end. */
	baseUrl: string;
	pid: number;
	logFile: string;
	userFolder: string;
	environment: StartOptions['environment'];
	/** Asks n8n to end and waits until it has; running executions get five seconds. */
	stop(): Promise<void>;
	/** As a power cut: n8n gets no chance to save anything. */
	kill(): Promise<void>;
	/** Resolves when n8n has ended, for whatever reason. */
	ended: Promise<void>;
}

const FIRST_PORT = 5710;
const LAST_PORT = 5799;
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 30_000;
const CHECK_MS = 250;
const SHOWN_LINES = 30;

/** Names the n8n that works with the folder. */
export const lockOf = (userFolder: string): LockFile => new LockFile(join(userFolder, 'n8n.pid'));

/** A port that is free now. */
export async function findN8nPort(): Promise<number> {
	return await findFreePortBetween(FIRST_PORT, LAST_PORT);
}

/** Resolves when n8n answers and knows our nodes. @throws with the end of n8n's log when it does not come up in time. */
export async function startN8n(options: StartOptions): Promise<RunningN8n> {
	const { installed, userFolder, environment, logFile = join(userFolder, 'n8n.log') } = options;
	const port = options.port ? await findFreePort(options.port) : await findN8nPort();
	const brokerPort = await findFreePort();
	const lock = lockOf(userFolder);
	const holder = lock.take();
	if (holder !== 0) throw new Error(`An n8n with the folder ${userFolder} is running already (process ${holder})`);
	await packPackage(userFolder).catch((error: unknown) => {
		lock.release();
		throw error;
	});

	const child = spawnN8n(installed, logFile, {
		...buildN8nEnvironment({ installed, userFolder, port, brokerPort }),
		...environment,
	});
	const pid = child.pid;
	if (pid !== undefined) lock.handTo(pid);
	const killAtExit = () => {
		if (pid !== undefined && isRunning(child)) killProcessGroup(pid);
	};
	// First of all, so that nobody writes any more into a folder that others remove at the exit.
	process.prependOnceListener('exit', killAtExit);
	const ended = new Promise<void>((resolve) => {
		for (const event of ['close', 'error']) child.once(event, () => resolve());
	}).then(() => {
		process.removeListener('exit', killAtExit);
		lock.release();
	});

	const kill = async () => {
		killAtExit();
		await ended;
	};
	const stop = async () => {
		child.kill('SIGTERM');
		const isOver = await Promise.race([ended.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })]);
		if (!isOver) await kill();
	};
	try {
		const client = await waitUntilReady(`http://127.0.0.1:${port}`, child, logFile);
		const { baseUrl } = client;
		return { client, baseUrl, pid: pid ?? 0, logFile, userFolder, environment, ended, stop, kill };
	} catch (error) {
		await kill();
		throw error;
	}
}

function spawnN8n(installed: InstalledN8n, logFile: string, environment: Record<string, string>): ChildProcess {
	mkdirSync(dirname(logFile), { recursive: true });
	const log = openSync(logFile, 'a');
	try {
		const script = join(installed.hostFolder, 'node_modules', 'n8n', 'bin', 'n8n');
		return spawn(join(installed.nodeFolder, 'bin', 'node'), [script, 'start'], {
			cwd: installed.hostFolder,
			env: environment,
			stdio: ['ignore', log, log],
			// A process group of its own: Ctrl+C in a terminal reaches only us, and n8n's helpers can be ended with it.
			detached: true,
		});
	} finally {
		closeSync(log);
	}
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
	return pid !== undefined && exitCode === null && signalCode === null;
}

async function waitUntilReady(baseUrl: string, child: ChildProcess, logFile: string): Promise<N8nClient> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	let client: N8nClient | undefined;
	while (Date.now() < deadline && isRunning(child)) {
		if (!client && (await isReady(baseUrl))) client = await N8nClient.signIn(baseUrl);
		if (client && (await hasOurNodes(client))) return client;
		await sleep(CHECK_MS);
	}
	const what = Date.now() < deadline ? 'n8n ended while it was starting' : 'n8n did not get ready within three minutes';
	throw new Error(`${what}. The end of its log (all of it: ${logFile}):\n${readLastLines(logFile, SHOWN_LINES)}`);
}

/** n8n answers `/healthz` while it is still preparing its database. */
async function isReady(baseUrl: string): Promise<boolean> {
	try {
		return (await fetch(`${baseUrl}/healthz/readiness`)).ok && (await fetch(`${baseUrl}/rest/settings`)).ok;
	} catch {
		return false;
	}
}

async function hasOurNodes(client: N8nClient): Promise<boolean> {
	return (await client.listNodeTypes()).some(({ name }) => name.startsWith(`${PACKAGE_NAME}.`));
}
