/** Runs programs of the installation (npm, tar, Node 24) and explains their failures by what they printed. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readLastLines } from './readLastLines';

const SHOWN_LINES = 20;

export interface CommandOptions {
	folder: string;
	/** Added to this process's environment. */
	environment?: Record<string, string>;
	/** Takes what the command prints, after what is there already. */
	logFile: string;
}

/** Why a command ended with another exit code than 0. */
export class CommandFailure extends Error {
	constructor(
		command: string,
		readonly exitCode: number | null,
		readonly lastLines: string,
		logFile: string,
	) {
		super(
			`${command} ended with exit code ${exitCode ?? 'none'}. Its last lines (all of them: ${logFile}):\n${lastLines}`,
		);
		this.name = 'CommandFailure';
	}
}

/** @throws {CommandFailure} */
export async function runCommand(command: string, commandArguments: string[], options: CommandOptions): Promise<void> {
	const { folder, environment, logFile } = options;
	const log = openSync(logFile, 'a');
	try {
		const exitCode = await new Promise<number | null>((resolve, reject) => {
			const child = spawn(command, commandArguments, {
				cwd: folder,
				env: { ...withoutNpmContext(process.env), ...environment },
				stdio: ['ignore', log, log],
			});
			// Left alone, npm would go on, and get in the way of the next try.
			const killAtExit = () => child.kill('SIGKILL');
			process.once('exit', killAtExit);
			child.once('error', reject);
			child.once('exit', (code) => {
				process.removeListener('exit', killAtExit);
				resolve(code);
			});
		});
		if (exitCode === 0) return;
		const shown = [command, ...commandArguments].map((part) => part.split('/').at(-1)).join(' ');
		throw new CommandFailure(shown, exitCode, readLastLines(logFile, SHOWN_LINES), logFile);
	} finally {
		closeSync(log);
	}
}

/** @param npmArguments e.g. `['install', '--no-audit']` @throws {CommandFailure} */
export async function runNpm(npmArguments: string[], options: CommandOptions): Promise<void> {
	const script = process.env.npm_execpath ?? '';
	// Within `npm run` this is the npm that the person uses; it need not be the one on the PATH.
	if (script.endsWith('npm-cli.js')) await runCommand(process.execPath, [script, ...npmArguments], options);
	else await runCommand('npm', npmArguments, options);
}

/**
 * `npm run` hands the settings of this repository down to all children, among them `ignore-scripts`, without which
 * nothing is compiled. Registry, proxy and certificates stay.
 */
function withoutNpmContext(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const ours = /^npm_(?:package|lifecycle|config_(?:ignore_scripts|prefix|global|local|workspace|omit|include|json))/i;
	const unwanted = (name: string) => ours.test(name) || name === 'NODE_OPTIONS' || name === 'INIT_CWD';
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !unwanted(name)));
}
