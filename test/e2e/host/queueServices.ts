/** Starts a Redis and a PostgreSQL of the test run's own: on 127.0.0.1, with their data in the run's folder. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { QueuePrograms } from './queuePrograms';
import { provideQueuePrograms } from './queuePrograms';
import { SupervisedProcess, type SystemUser } from './supervisedProcess';
import { beginLog, claimPort, createRunFolder } from './testRun';

export interface QueueServices {
	/** What an n8n needs to work with both. */
	environment: Readonly<Record<string, string>>;
	stop(): Promise<void>;
}

interface Service {
	port: number;
	process: SupervisedProcess;
}

const START_TIMEOUT_MS = 60_000;
const DATABASE_USER = 'n8n';
/** Who Debian lets PostgreSQL run as, and who is there on every system. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody'];

export async function startQueueServices(): Promise<QueueServices> {
	const programs = await provideQueuePrograms(beginLog('queue-installation'));
	// Others on this machine can reach the ports, and who may talk to either service can have it write files.
	const password = randomBytes(16).toString('hex');
	const redis = await startRedis(programs, await claimPort(), password);
	try {
		const database = await startPostgres(programs, await claimPort(), password);
		const stop = async () => {
			await Promise.all([redis.process.stop(), database.process.stop()]);
		};
		return { environment: buildEnvironment(redis, database, password), stop };
	} catch (error) {
		await redis.process.stop();
		throw error;
	}
}

/** https://docs.n8n.io/hosting/scaling/queue-mode/ */
function buildEnvironment(redis: Service, database: Service, password: string): Record<string, string> {
	return {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_BULL_REDIS_PASSWORD: password,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: DATABASE_USER,
		DB_POSTGRESDB_PASSWORD: password,
	};
}

async function startRedis(
	{ redisServer, redisClient }: QueuePrograms,
	port: number,
	password: string,
): Promise<Service> {
	const folder = createRunFolder('redis');
	const settings = join(folder, 'redis.conf');
	const lines = [
		'bind 127.0.0.1',
		`port ${port}`,
		`dir "${folder}"`,
		'save ""',
		'appendonly no',
		`requirepass ${password}`,
	];
	// In a file, because everybody can read the command lines of programs.
	writeFileSync(settings, `${lines.join('\n')}\n`, { mode: 0o600 });
	const redis = await SupervisedProcess.start({
		name: 'Redis',
		program: redisServer,
		programArguments: [settings],
		folder,
		environment: readEnvironment(),
		logFile: beginLog('queue-redis'),
	});
	await redis.waitUntil(() => succeeds(redisClient, ['-h', '127.0.0.1', '-p', String(port), 'ping']), START_TIMEOUT_MS);
	return { port, process: redis };
}

async function startPostgres({ postgresFolder }: QueuePrograms, port: number, password: string): Promise<Service> {
	const folder = createRunFolder('postgres');
	const user = giveAway(folder);
	const data = join(folder, 'data');
	const passwordFile = join(folder, 'password');
	writeFileSync(passwordFile, password, { mode: 0o600 });
	if (user) chownSync(passwordFile, user.uid, user.gid);
	const prepared = spawnSync(
		join(postgresFolder, 'initdb'),
		[
			'--pgdata',
			data,
			'--username',
			DATABASE_USER,
			'--pwfile',
			passwordFile,
			'--auth',
			'scram-sha-256',
			'--encoding',
			'UTF8',
			'--no-sync',
		],
		{ ...user, cwd: folder, env: readEnvironment(), encoding: 'utf8' },
	);
	if (prepared.status !== 0) {
		throw new Error(
			`PostgreSQL could not prepare its data: ${prepared.error?.message ?? ''}${prepared.stdout}${prepared.stderr}`,
		);
	}
	const settings = {
		listen_addresses: '127.0.0.1',
		unix_socket_directories: '',
		// Nobody needs the data after a crash of the machine.
		fsync: 'off',
	};
	const postgres = await SupervisedProcess.start({
		name: 'PostgreSQL',
		program: join(postgresFolder, 'postgres'),
		programArguments: [
			'-D',
			data,
			'-p',
			String(port),
			...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
		],
		folder,
		environment: readEnvironment(),
		logFile: beginLog('queue-postgres'),
		user,
		// Ends the connections; SIGTERM would wait until the clients close them.
		stopSignal: 'SIGINT',
	});
	const question = ['-h', '127.0.0.1', '-p', String(port)];
	await postgres.waitUntil(() => succeeds(join(postgresFolder, 'pg_isready'), question), START_TIMEOUT_MS);
	return { port, process: postgres };
}

/**
 * PostgreSQL refuses to run as root: then the folder is another user's, and that user must be able to get to it.
 * @returns undefined when we are not root
 */
function giveAway(folder: string): SystemUser | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const user = findUnprivilegedUser();
	chownSync(folder, user.uid, user.gid);
	// Passable, not readable; the other folders of the run are closed themselves.
	chmodSync(dirname(folder), 0o711);
	return user;
}

function findUnprivilegedUser(): SystemUser {
	const entries = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.map((line) => line.split(':'));
	for (const wanted of UNPRIVILEGED_USERS) {
		const entry = entries.find(([name]) => name === wanted);
		if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
	}
	throw new Error(`PostgreSQL does not run as root, and this system has no user ${UNPRIVILEGED_USERS.join(' or ')}`);
}

/** Neither service gets more of our environment. */
function readEnvironment(): Record<string, string> {
	return { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' };
}

function succeeds(program: string, programArguments: string[]): boolean {
	return spawnSync(program, programArguments, { env: readEnvironment(), stdio: 'ignore' }).status === 0;
}
