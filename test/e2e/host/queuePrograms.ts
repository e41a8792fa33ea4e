/** Redis and PostgreSQL, which n8n's queue mode needs, from Debian's packages. What is missing is installed. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, installAptPackages } from './aptPackages';

export interface QueuePrograms {
	redisServer: string;
	redisClient: string;
	/** Holds `initdb`, `postgres` and `pg_isready` of one version. */
	postgresFolder: string;
}

/** Where Debian puts one folder per version, outside the PATH. */
const POSTGRES_ROOT = '/usr/lib/postgresql';
const POSTGRES_PROGRAMS = ['initdb', 'postgres', 'pg_isready'];

/** @throws an error that says what to install by hand */
export async function provideQueuePrograms(logFile: string): Promise<QueuePrograms> {
	const missing = [...(findRedis() ? [] : ['redis-server']), ...(findPostgresFolder() ? [] : ['postgresql'])];
	if (missing.length > 0) await installAptPackages(missing, 'Queue mode', logFile);
	const redis = findRedis();
	const postgresFolder = findPostgresFolder();
	if (redis && postgresFolder) return { ...redis, postgresFolder };
	throw new Error(
		`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} installed, but the programs are not where Debian puts them`,
	);
}

function findRedis(): Pick<QueuePrograms, 'redisServer' | 'redisClient'> | undefined {
	const redisServer = findProgram('redis-server');
	const redisClient = findProgram('redis-cli');
	return redisServer && redisClient ? { redisServer, redisClient } : undefined;
}

/** The newest version. */
function findPostgresFolder(): string | undefined {
	const versions = existsSync(POSTGRES_ROOT) ? readdirSync(POSTGRES_ROOT) : [];
	return versions
		.sort((one, other) => Number(other) - Number(one))
		.map((version) => join(POSTGRES_ROOT, version, 'bin'))
		.find((folder) => POSTGRES_PROGRAMS.every((program) => existsSync(join(folder, program))));
}
