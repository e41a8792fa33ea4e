/**
 * n8n in queue mode, n8n's own way to more than one machine: a main process that has the editor, the API and the triggers,
 * and workers that run the workflows. Each has a user folder of its own with the package in it, as on machines of their own;
 * what they share is the database, Redis and the encryption key. Files are in the database, so that one process can hand out
 * what another has downloaded: queue mode has no `filesystem`.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from './findFreePort';
import type { InstalledN8n } from './installedN8n';
import { installN8n } from './installN8n';
import { buildN8nEnvironment } from './n8nEnvironment';
import { packPackage } from './packPackage';
import { startQueueServices, type QueueServices } from './queueServices';
import type { RunningN8n } from './startN8n';
import { SupervisedProcess } from './supervisedProcess';
import { beginLog, claimPort, createRunFolder, startFreshN8n } from './testRun';

export interface QueueModeOptions {
	workers: number;
	/** Executions that a worker runs at the same time. */
	concurrency: number;
	/** More settings, for all processes. */
	environment?: Readonly<Record<string, string>>;
}

const WORKER_START_TIMEOUT_MS = 180_000;

export class QueueWorker {
	constructor(private readonly process: SupervisedProcess) {}

	get log(): string {
		return readFileSync(this.process.logFile, 'utf8');
	}

	/** IDs of all that it has ever begun, as its log says. */
	get startedExecutions(): string[] {
		return [...this.log.matchAll(/Worker started execution (\d+) /g)].map(([, id]) => id);
	}

	async stop(): Promise<void> {
		await this.process.stop();
	}

	/** As a power cut. */
	async kill(): Promise<void> {
		await this.process.kill();
	}
}

export class QueueMode {
	private constructor(
		private readonly services: QueueServices,
		readonly main: RunningN8n,
		readonly workers: readonly QueueWorker[],
	) {}

	static async start({ workers: count, concurrency, environment: more }: QueueModeOptions): Promise<QueueMode> {
		const installed = await installN8n();
		const services = await startQueueServices();
		const environment = {
			...services.environment,
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
			// Runs by hand as well; n8n announces that it will do no other.
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			...more,
		};
		const running: Array<Pick<QueueWorker, 'stop'>> = [services];
		try {
			// First and alone: it prepares the database.
			const main = await startFreshN8n({ name: 'queue-main', environment });
			running.push(main);
			const workers: QueueWorker[] = [];
			for (let number = 1; number <= count; number++) {
				workers.push(await startWorker(`queue-worker-${number}`, installed, concurrency, environment));
				running.push(workers[number - 1]);
			}
			return new QueueMode(services, main, workers);
		} catch (error) {
			for (const started of running.reverse()) await started.stop();
			throw error;
		}
	}

	/** The worker that has begun the execution. @throws when none has */
	workerOf(executionId: string): QueueWorker {
		const found = this.workers.find(({ startedExecutions }) => startedExecutions.includes(executionId));
		if (!found) throw new Error(`No worker has begun the execution ${executionId}`);
		return found;
	}

	async stop(): Promise<void> {
		await Promise.all(this.workers.map(async (worker) => await worker.stop()));
		await this.main.stop();
		await this.services.stop();
	}
}

async function startWorker(
	name: string,
	installed: InstalledN8n,
	concurrency: number,
	more: Readonly<Record<string, string>>,
): Promise<QueueWorker> {
	const userFolder = createRunFolder(name);
	await packPackage(userFolder);
	const port = await claimPort();
	const environment = {
		...buildN8nEnvironment({ installed, userFolder, port, brokerPort: await findFreePort() }),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		...more,
	};
	const script = join(installed.hostFolder, 'node_modules', 'n8n', 'bin', 'n8n');
	const worker = await SupervisedProcess.start({
		name: `The worker ${name}`,
		program: join(installed.nodeFolder, 'bin', 'node'),
		programArguments: [script, 'worker', `--concurrency=${concurrency}`],
		folder: userFolder,
		environment,
		logFile: beginLog(name),
	});
	await worker.waitUntil(async () => await isReady(port), WORKER_START_TIMEOUT_MS);
	return new QueueWorker(worker);
}

async function isReady(port: number): Promise<boolean> {
	try {
		return (await fetch(`http://127.0.0.1:${port}/healthz/readiness`)).ok;
	} catch {
		return false;
	}
}
