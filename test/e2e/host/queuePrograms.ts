/** Redis and PostgreSQL, which n8n's queue mode needs, from Debian's packages. What is missing is installed. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { REPORT_FOLDER } from './projectFolder';
import { CommandFailure, runCommand } from './runCommand';

export interface QueuePrograms {
	redisServer: string;
	redisClient: string;
	/** Holds `initdb`, `postgres` and `pg_isready` of one version. */
	postgresFolder: string;
}

/** Where Debian puts one folder per version, outside the PATH. */
const POSTGRES_ROOT = '/usr/lib/postgresql';
const POSTGRES_PROGRAMS = ['initdb', 'postgres', 'pg_isready'];

/**
 * Debian starts the services of a package that it installs. They would take the usual ports, and nobody would stop them: a
 * policy that forbids it stands as long as the installation takes (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt).
 */
const INSTALLATION = `
set -e
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	printf '#!/bin/sh\\nexit 101\\n' > "$policy"
	chmod 755 "$policy"
fi
apt-get update
apt-get install -y --no-install-recommends "$@"
`;

/** @throws an error that says what to install by hand */
export async function provideQueuePrograms(logFile: string): Promise<QueuePrograms> {
	const missing = [
		...(findRedis() ? [] : ['redis-server']),
		...(findPostgresFolder() ? [] : ['postgresql']),
	];
	if (missing.length > 0) await install(missing, logFile);
	const redis = findRedis();
	const postgresFolder = findPostgresFolder();
	if (redis && postgresFolder) return { ...redis, postgresFolder };
	throw new Error(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} installed, but the programs are not where Debian puts them`);
}

async function install(packages: string[], logFile: string): Promise<void> {
	const byHand = `Install them by hand: apt-get install ${packages.join(' ')}`;
	if (!findProgram('apt-get')) {
		throw new Error(`Queue mode needs ${packages.join(' and ')}, and there is no apt-get to install them with`);
	}
	const isRoot = process.getuid?.() === 0;
	const script = ['sh', '-c', INSTALLATION, 'install', ...packages];
	// -n: nobody is there to type a password.
	const [command, ...commandArguments] = isRoot ? script : ['sudo', '-n', ...script];
	try {
		await runCommand(command, commandArguments, { folder: REPORT_FOLDER, logFile });
	} catch (error) {
		const reason = error instanceof CommandFailure ? error.lastLines : String(error);
		throw new Error(`Queue mode needs ${packages.join(' and ')}, which could not be installed. ${byHand}\n${reason}`, { cause: error });
	}
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

function findProgram(name: string): string | undefined {
	const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin'];
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
