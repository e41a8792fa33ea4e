/** Entry of `npm run n8n`: a complete n8n on this machine with the nodes, the examples and the simulator behind them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SIMULATOR_API_KEY, Simulator } from '../simulator/simulator';
import { deliverCallbacks } from './deliverCallbacks';
import { EXAMPLE_FILES, readExample, withCredential } from './exampleWorkflows';
import { installN8n } from './host/installN8n';
import type { CredentialDefinition, CredentialReference, N8nClient } from './host/n8nClient';
import { LOCAL_OWNER } from './host/n8nClient';
import { readLastLines } from './host/readLastLines';
import { startN8n } from './host/startN8n';
import { createTableCredential } from './host/tableCredential';

const USAGE = `npm run n8n -- [options]

  --port <number>            n8n's editor, default 5710
  --simulator-port <number>  the simulator, default 8787; the results are on the port above
  --speed <number>           how many times faster than real time simulated tasks run, default 8
  --fresh                    an empty n8n that is forgotten at the end; without it your work is there next time`;

const CREDENTIAL_NAME = 'CometAPI account';
const INTERRUPTED = 130;
const SAME_SIGNAL_MS = 1000;
const SHOWN_LINES = 20;

interface Options {
	port: number;
	simulatorPort: number;
	speed: number;
	fresh: boolean;
}

function readOptions(commandLine: string[]): Options | undefined {
	const { values } = parseArgs({
		args: commandLine,
		options: {
			port: { type: 'string', default: '5710' },
			'simulator-port': { type: 'string', default: '8787' },
			speed: { type: 'string', default: '8' },
			fresh: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return undefined;
	return {
		port: readNumber('--port', values.port, 65_535),
		simulatorPort: readNumber('--simulator-port', values['simulator-port'], 65_534),
		speed: readNumber('--speed', values.speed, 1000),
		fresh: values.fresh,
	};
}

function readNumber(name: string, text: string, highest: number): number {
	const value = Number(text);
	if (!(value >= 1 && value <= highest))
		throw new Error(`${name} must be a number from 1 to ${highest}, not ${text}\n\n${USAGE}`);
	return value;
}

/** Rejects when a port is taken. */
async function startSimulator({ simulatorPort: port, speed }: Options): Promise<Simulator> {
	return await Simulator.start({ port, resultPort: port + 1, speed }).catch((error: unknown) => {
		const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
		if (!isTaken) throw error;
		throw new Error(
			`Port ${port} or ${port + 1} is taken, perhaps by another simulator. End it, or give --simulator-port.`,
		);
	});
}

/** The second start finds what the first one has made. */
async function provideCredential(client: N8nClient, simulator: Simulator): Promise<CredentialReference> {
	const definition: CredentialDefinition = {
		name: CREDENTIAL_NAME,
		type: 'cometApiVideoApi',
		data: { apiKey: SIMULATOR_API_KEY, baseUrl: simulator.baseUrl },
	};
	const known = (await client.listCredentials()).find(
		({ name, type }) => name === definition.name && type === definition.type,
	);
	return known ? await client.updateCredential(known.id, definition) : await client.createCredential(definition);
}

/** For Record Tasks and the trigger. The one of an earlier start stays as it is. */
async function provideTableCredential(client: N8nClient): Promise<CredentialReference> {
	const known = (await client.listCredentials()).find(({ type }) => type === 'n8nDataTableApi');
	return known ?? (await createTableCredential(client));
}

/** Examples that are there already, perhaps changed, stay as they are. */
async function provideExamples(client: N8nClient, credentials: readonly CredentialReference[]): Promise<void> {
	const known = new Set((await client.listWorkflows()).map(({ name }) => name));
	for (const file of EXAMPLE_FILES) {
		const definition = readExample(file);
		if (!known.has(definition.name)) await client.createWorkflow(credentials.reduce(withCredential, definition));
	}
}

async function run(options: Options): Promise<void> {
	// Until n8n is up, ending this process is enough: it takes n8n along.
	let onSignal = (): void => process.exit(INTERRUPTED);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal());

	const installed = await installN8n({ onProgress: (line) => console.log(line) });
	const userFolder = options.fresh ? mkdtempSync(join(tmpdir(), 'n8n-fresh-')) : join(installed.cacheFolder, 'user');
	if (options.fresh) process.once('exit', () => rmSync(userFolder, { recursive: true, force: true }));

	const simulator = await startSimulator(options);
	console.log('Starting n8n. The first start in a folder can take a minute.');
	const n8n = await startN8n({ installed, userFolder, port: options.port });
	await provideExamples(n8n.client, [
		await provideCredential(n8n.client, simulator),
		await provideTableCredential(n8n.client),
	]);
	const endCallbacks = deliverCallbacks(simulator);

	console.log(`
  n8n:        ${n8n.baseUrl}/home/workflows
  E-mail:     ${LOCAL_OWNER.email}
  Password:   ${LOCAL_OWNER.password}

  Simulator:  ${simulator.baseUrl} (nothing is paid, and every video is the same sample)
  Pictures:   ${simulator.resultOrigin}/media/image.png, …/media/1280x720.png, …/media/clip.mp4
  Folder:     ${userFolder}

  The examples are in the list of workflows, with their credentials chosen. Open "Text to video" and click Execute workflow.
  After a change of the nodes, start this command again. Ctrl+C ends n8n and the simulator.`);

	let stoppedAt = Number.POSITIVE_INFINITY;
	onSignal = () => {
		// Ctrl+C arrives twice: from the terminal, and handed on by npm.
		if (Date.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
		if (Number.isFinite(stoppedAt)) return;
		stoppedAt = Date.now();
		console.log('\nEnding n8n … (Ctrl+C again: at once)');
		void n8n.stop();
	};
	await n8n.ended;
	endCallbacks();
	await simulator.close();
	if (Number.isFinite(stoppedAt)) process.exit(0);
	throw new Error(`n8n has ended by itself. The end of ${n8n.logFile}:\n${readLastLines(n8n.logFile, SHOWN_LINES)}`);
}

async function main(): Promise<void> {
	const options = readOptions(process.argv.slice(2));
	if (options) await run(options);
	else console.log(USAGE);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
