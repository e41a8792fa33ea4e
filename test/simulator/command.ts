/** Entry of `npm run simulator`. */
import { parseArgs } from 'node:util';
import {
	SIMULATOR_ACCESS_TOKEN,
	SIMULATOR_API_KEY,
	SIMULATOR_USER_ID,
	Simulator,
	type SimulatorOptions,
} from './simulator';

const USAGE = `npm run simulator -- [options]

  --port <number>          API server, default 8787
  --result-port <number>   server of the result files, default 8788
  --speed <number>         how many times faster than real time tasks run, default 1
  --task-seconds <number>  from create to the end, before --speed, default 60
  --profile <name>         comet (default) or upstream-strict
  --envelopes <name>       native queries: newest (default) or march2026
  --kling-paths <name>     native queries: ownPath (default) or twoSegments`;

function readOptions(commandLine: string[]): SimulatorOptions | undefined {
	const { values } = parseArgs({
		args: commandLine,
		options: {
			port: { type: 'string', default: '8787' },
			'result-port': { type: 'string', default: '8788' },
			speed: { type: 'string', default: '1' },
			'task-seconds': { type: 'string', default: '60' },
			profile: { type: 'string', default: 'comet' },
			envelopes: { type: 'string', default: 'newest' },
			'kling-paths': { type: 'string', default: 'ownPath' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return undefined;
	const { profile, envelopes, 'kling-paths': klingQueryPaths } = values;
	if (profile !== 'comet' && profile !== 'upstream-strict') {
		throw new Error(`--profile must be comet or upstream-strict, not ${profile}`);
	}
	if (envelopes !== 'newest' && envelopes !== 'march2026') {
		throw new Error(`--envelopes must be newest or march2026, not ${envelopes}`);
	}
	if (klingQueryPaths !== 'ownPath' && klingQueryPaths !== 'twoSegments') {
		throw new Error(`--kling-paths must be ownPath or twoSegments, not ${klingQueryPaths}`);
	}
	return {
		port: readPort('--port', values.port),
		resultPort: readPort('--result-port', values['result-port']),
		speed: readPositiveNumber('--speed', values.speed),
		taskSeconds: readPositiveNumber('--task-seconds', values['task-seconds']),
		profile,
		envelopes,
		klingQueryPaths,
	};
}

function readPositiveNumber(name: string, text: string): number {
	const value = Number(text);
	if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} must be a number above 0, not ${text}`);
	return value;
}

function readPort(name: string, text: string): number {
	const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (!(value <= 65_535)) throw new Error(`${name} must be a port number, not ${text}`);
	return value;
}

async function run(): Promise<void> {
	const options = readOptions(process.argv.slice(2));
	if (!options) {
		console.log(USAGE);
		return;
	}
	const simulator = await Simulator.start(options);
	console.log(`Base URL:     ${simulator.baseUrl}`);
	console.log(`API key:      ${SIMULATOR_API_KEY}`);
	console.log(`Access token: ${SIMULATOR_ACCESS_TOKEN}`);
	console.log(`User ID:      ${SIMULATOR_USER_ID}`);
	console.log(`Results:      ${simulator.resultOrigin} (sample pictures: /media/image.png, /media/1280x720.png)`);
	console.log('Ctrl+C ends it.');
	const end = () => void simulator.close();
	process.once('SIGINT', end);
	process.once('SIGTERM', end);
}

run().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	if (!isPortTaken(error)) console.error(`\n${USAGE}`);
	process.exitCode = 1;
});

function isPortTaken(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
