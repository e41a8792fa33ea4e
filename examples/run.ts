/**
 * `npm start`: runs `examples/text-to-video.json` on n8n's real engine with the compiled node of `dist/`, shows what
 * happens and writes the videos to `out/`. Talks to the simulator, or to CometAPI itself when COMETAPI_KEY is set.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ICredentialType, IDataObject, INodeType } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { SIMULATOR_API_KEY, Simulator } from '../test/simulator/simulator';
import { Engine } from '../test/support/engine';
import type { WorkflowDefinition } from '../test/support/engine';

const ROOT = join(__dirname, '..', '..');
const NODE_NAME = 'Generate video';
/** A minute of the simulated life in eight seconds. */
const SIMULATOR_SPEED = 8;
const SIMULATOR_POLL_SECONDS = 2;
const SECONDS_TO_THINK = 5;

const USAGE = `Usage: npm start -- [options]
  --prompt <text>     what the video shows
  --provider <id>     e.g. veo, wan, seedance
  --model <id>        e.g. veo3.1-fast; its provider is found by itself if you give none
  --count <number>    how many videos; they are made at the same time
Set COMETAPI_KEY (and COMETAPI_BASE_URL if yours is another) to use CometAPI instead of the simulator. That costs money.`;

interface Arguments {
	prompt?: string;
	provider?: string;
	model?: string;
	count: number;
}

function readArguments(): Arguments {
	const { values } = parseArgs({
		options: {
			prompt: { type: 'string' },
			provider: { type: 'string' },
			model: { type: 'string' },
			count: { type: 'string', default: '1' },
			help: { type: 'boolean' },
		},
	});
	const count = Number(values.count);
	if (values.help || !Number.isInteger(count) || count < 1 || count > 50) {
		console.log(values.help ? USAGE : `--count must be a whole number from 1 to 50\n\n${USAGE}`);
		process.exit(values.help ? 0 : 2);
	}
	return { prompt: values.prompt, provider: values.provider, model: values.model, count };
}

interface CompiledPackage {
	node: INodeType;
	credential: ICredentialType;
	findProvider: typeof import('../nodes/CometApiVideo/providers').findProvider;
	findProviderOfModel: typeof import('../nodes/CometApiVideo/providers').findProviderOfModel;
	estimateCostUsd: typeof import('../nodes/CometApiVideo/operations/generate/estimatedCost').estimateCostUsd;
	parseCatalogue: typeof import('../nodes/CometApiVideo/service/catalogue').parseCatalogue;
}

/** What npm packs and n8n loads, not the sources. */
function loadCompiledPackage(): CompiledPackage {
	const load = (path: string): Record<string, never> => require(join(ROOT, 'dist', path)) as Record<string, never>;
	const { CometApiVideo } = load('nodes/CometApiVideo/CometApiVideo.node.js') as Record<string, new () => INodeType>;
	const { CometApiVideoApi } = load('credentials/CometApiVideoApi.credentials.js') as Record<
		string,
		new () => ICredentialType
	>;
	const { findProvider, findProviderOfModel } = load('nodes/CometApiVideo/providers/index.js');
	const { estimateCostUsd } = load('nodes/CometApiVideo/operations/generate/estimatedCost.js');
	const { parseCatalogue } = load('nodes/CometApiVideo/service/catalogue.js');
	return {
		node: new CometApiVideo(),
		credential: new CometApiVideoApi(),
		findProvider,
		findProviderOfModel,
		estimateCostUsd,
		parseCatalogue,
	};
}

/** The example with the wishes of the command line; other providers start from their panel's defaults. */
function prepareWorkflow(args: Arguments, compiled: CompiledPackage, pollInterval?: number) {
	const definition = JSON.parse(
		readFileSync(join(ROOT, 'examples', 'text-to-video.json'), 'utf8'),
	) as WorkflowDefinition;
	const { parameters } =
		definition.nodes.find(({ name }) => name === NODE_NAME) ?? fail(`The example has no node "${NODE_NAME}"`);
	const provider =
		args.provider ??
		(args.model === undefined ? undefined : (compiled.findProviderOfModel(args.model)?.id ?? 'custom'));
	if (provider !== undefined) {
		const found = compiled.findProvider(provider) ?? fail(`There is no provider "${provider}".\n\n${USAGE}`);
		parameters.provider = provider;
		const [{ id, job }] = found.modes;
		[parameters.resource, parameters.operation] = job.split('.');
		parameters.mode = id;
		for (const name of ['model', 'seconds', 'size']) delete parameters[name];
	}
	if (args.model !== undefined) parameters.model = { __rl: true, mode: 'id', value: args.model };
	if (args.prompt !== undefined) parameters.prompt = args.prompt;
	parameters.waitingOptions = { maxTasksInFlight: args.count, ...(pollInterval === undefined ? {} : { pollInterval }) };
	return { definition, parameters };
}

async function describeCost(parameters: IDataObject, count: number, compiled: CompiledPackage, baseUrl: string) {
	const mode = compiled.findProvider(String(parameters.provider))?.modes.find(({ id }) => id === parameters.mode);
	const model = String((parameters.model as IDataObject | undefined)?.value ?? mode?.models[0]?.id ?? '');
	const preset = (name: string) => mode?.fields.find(({ property }) => property.name === name)?.property.default;
	const values = { seconds: parameters.seconds ?? preset('seconds'), size: parameters.size ?? preset('size') };
	const catalogue = await fetch(`${baseUrl}/api/models`)
		.then(async (response) => compiled.parseCatalogue(await response.json()))
		.catch(() => []);
	const order = mode && { mode, input: { model, prompt: '', values, media: {} }, extraFields: {} };
	const each = order && compiled.estimateCostUsd(order, catalogue);
	return each
		? `${count} × ${model}: about ${(each * count).toFixed(2)} USD by the published prices.`
		: `${count} × ${model}: the price is not known here; see https://www.cometapi.com/pricing`;
}

async function main() {
	const args = readArguments();
	const compiled = loadCompiledPackage();
	const key = process.env.COMETAPI_KEY;
	const simulator = key ? undefined : await Simulator.start({ speed: SIMULATOR_SPEED });
	const { definition, parameters } = prepareWorkflow(args, compiled, simulator && SIMULATOR_POLL_SECONDS);
	const baseUrl = simulator?.baseUrl ?? process.env.COMETAPI_BASE_URL ?? 'https://api.cometapi.com';
	console.log(
		simulator
			? 'No COMETAPI_KEY is set: talking to the built-in simulator. Nothing is paid, and every video is the same sample.'
			: `Talking to ${baseUrl}. This costs money. ${await describeCost(parameters, args.count, compiled, baseUrl)}`,
	);

	if (!simulator) {
		console.log(`Starting in ${SECONDS_TO_THINK} seconds; Ctrl+C stops it before anything is paid.`);
		await sleep(SECONDS_TO_THINK * 1000);
	}

	const engine = new Engine({
		nodeTypes: { 'n8n-nodes-cometapi-video.cometApiVideo': compiled.node },
		credentialTypes: [compiled.credential],
		credentials: { cometApiVideoApi: { apiKey: key ?? SIMULATOR_API_KEY, baseUrl } },
		onMessage: (message) => console.log(`  ${message}`),
	});
	const startedAt = Date.now();
	const { finished, cancel } = await engine.start(
		definition,
		Array.from({ length: args.count }, () => ({ json: {} })),
	);
	process.once('SIGINT', cancel);
	const result = await finished;
	await simulator?.close();

	const error = result.taskData(NODE_NAME)?.error;
	if (error) fail([error.message, error.description].filter(Boolean).join('\n'));
	mkdirSync(join(ROOT, 'out'), { recursive: true });
	for (const item of result.output(NODE_NAME)[0] ?? []) {
		const file = join('out', `${String(item.json.taskId)}.mp4`);
		writeFileSync(join(ROOT, file), await engine.readBinary(item, 'data'));
		console.log(
			`${file}  (${String(item.json.provider)}, ${String(item.json.model)}, ${String(item.json.durationSeconds)} s asked for)`,
		);
	}
	console.log(`Done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
	process.exit(0);
}

function fail(message: string): never {
	console.error(message);
	process.exit(1);
}

main().catch((error: unknown) => fail(String(error)));
