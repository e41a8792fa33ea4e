/** Programs of Debian's packages that the tests need. What is missing is installed, as root or with a sudo that asks nothing. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { REPORT_FOLDER } from './projectFolder';
import { CommandFailure, runCommand } from './runCommand';

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

/**
 * @param purpose begins the message of the error, e.g. "Queue mode"
 * @throws an error that says what to install by hand
 */
export async function installAptPackages(packages: string[], purpose: string, logFile: string): Promise<void> {
	const byHand = `Install them by hand: apt-get install ${packages.join(' ')}`;
	if (!findProgram('apt-get')) {
		throw new Error(`${purpose} needs ${packages.join(' and ')}, and there is no apt-get to install them with`);
	}
	const isRoot = process.getuid?.() === 0;
	const script = ['sh', '-c', INSTALLATION, 'install', ...packages];
	// -n: nobody is there to type a password.
	const [command, ...commandArguments] = isRoot ? script : ['sudo', '-n', ...script];
	try {
		await runCommand(command, commandArguments, { folder: REPORT_FOLDER, logFile });
	} catch (error) {
		const reason = error instanceof CommandFailure ? error.lastLines : String(error);
		throw new Error(`${purpose} needs ${packages.join(' and ')}, which could not be installed. ${byHand}\n${reason}`, {
			cause: error,
		});
	}
}

/** @returns its path, from the PATH or from where Debian puts programs */
export function findProgram(name: string): string | undefined {
	const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin'];
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
