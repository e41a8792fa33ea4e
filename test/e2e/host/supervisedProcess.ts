/** A program that a scenario starts besides n8n's main process. It ends with the test run, whatever becomes of the scenario. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { killProcessGroup } from './killProcessGroup';
import { readLastLines } from './readLastLines';
import { lockOf } from './startN8n';

export interface SystemUser {
	uid: number;
	gid: number;
}

export interface SupervisedOptions {
	/** For messages. */
	name: string;
	program: string;
	programArguments: string[];
	/** Of the test run; takes the lock by which the run's end finds the process. */
	folder: string;
	environment: Record<string, string>;
	logFile: string;
	/** Default: who runs the tests. */
	user?: SystemUser;
	/** Asks the program to end; default SIGTERM. */
	stopSignal?: NodeJS.Signals;
}

const CHECK_MS = 200;
const STOP_TIMEOUT_MS = 30_000;
const SHOWN_LINES = 30;

export class SupervisedProcess {
	private constructor(
		private readonly options: SupervisedOptions,
		private readonly pid: number,
		private readonly ended: Promise<void>,
		private readonly isOver: () => boolean,
	) {}

	/** @throws when the program cannot be started at all */
	static async start(options: SupervisedOptions): Promise<SupervisedProcess> {
		const { program, programArguments, folder, environment, logFile, user } = options;
		const log = openSync(logFile, 'a');
		try {
			const child = spawn(program, programArguments, {
				...user,
				cwd: folder,
				env: environment,
				stdio: ['ignore', log, log],
				// A process group of its own, so that its helpers can be ended with it.
				detached: true,
			});
			await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
			const { pid } = child;
			if (pid === undefined) throw new Error(`${options.name} has no process id`);
			const lock = lockOf(folder);
			lock.take();
			lock.handTo(pid);
			const ended = new Promise<void>((resolve) => child.once('exit', () => resolve())).then(() => lock.release());
			return new SupervisedProcess(options, pid, ended, () => child.exitCode !== null || child.signalCode !== null);
		} finally {
			closeSync(log);
		}
	}

	get logFile(): string {
		return this.options.logFile;
	}

	/** Ends the process and throws with the end of its log when it does not get ready in time. */
	async waitUntil(isReady: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
		const deadline = Date.now() + timeoutMs;
		while (Date.now() < deadline && !this.isOver()) {
			if (await isReady()) return;
			await sleep(CHECK_MS);
		}
		const { name, logFile } = this.options;
		const what = this.isOver() ? 'ended while it was starting' : `did not get ready within ${timeoutMs / 1000} s`;
		await this.kill();
		throw new Error(
			`${name} ${what}. The end of its log (all of it: ${logFile}):\n${readLastLines(logFile, SHOWN_LINES)}`,
		);
	}

	/** Asks the program to end and waits until it has. */
	async stop(): Promise<void> {
		if (this.isOver()) return;
		process.kill(this.pid, this.options.stopSignal ?? 'SIGTERM');
		const isOver = await Promise.race([this.ended.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })]);
		if (!isOver) await this.kill();
	}

	/** As a power cut. */
	async kill(): Promise<void> {
		if (!this.isOver()) killProcessGroup(this.pid);
		await this.ended;
	}
}
