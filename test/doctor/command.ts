/** `npm run doctor`: whether the live service is as the descriptors say. Free, unless `--paid` is given. */
import { parseArgs } from 'node:util';
import { checkRoutes } from '../../nodes/CometApiVideo/operations/account/checkRoutes';
import { parseCatalogue } from '../../nodes/CometApiVideo/service/catalogue';
import { normalizeBaseUrl } from '../../nodes/CometApiVideo/service/origin';
import { parseJson } from '../../nodes/CometApiVideo/task/json';
import { toCometApiVideoError } from '../../nodes/CometApiVideo/task/errors';
import { SIMULATOR_API_KEY, Simulator } from '../simulator/simulator';
import { askByFetch } from './askByFetch';
import { LiveFixtures } from './liveFixtures';
import { makePaidClips } from './paidClips';
import { report } from './report';

const USAGE = `Usage: npm run doctor -- [options]
  --paid               make the cheapest clip of each provider as well; this costs money
  --max-usd <number>   with --paid: the most that all clips together may cost by the published prices, default 1
  --providers <ids>    with --paid: only these, e.g. seedance,wan
  --out <folder>       where the redacted answers go, default out/doctor
Set COMETAPI_KEY (and COMETAPI_BASE_URL if yours is another). Without a key the built-in simulator is asked.
Ends with 1 when a route differs or is not there.`;

const SIMULATOR_SPEED = 60;

function readOptions() {
	const { values } = parseArgs({
		options: {
			paid: { type: 'boolean', default: false },
			'max-usd': { type: 'string', default: '1' },
			providers: { type: 'string', default: '' },
			out: { type: 'string', default: 'out/doctor' },
			help: { type: 'boolean', default: false },
		},
	});
	const maxUsd = Number(values['max-usd']);
	if (values.help || !(maxUsd > 0)) {
		console.log(values.help ? USAGE : `--max-usd must be a number above 0\n\n${USAGE}`);
		process.exit(values.help ? 0 : 2);
	}
	return { ...values, maxUsd, providers: values.providers.split(',').flatMap((id) => id.trim() || []) };
}

async function main() {
	const options = readOptions();
	const key = process.env.COMETAPI_KEY;
	const simulator = key ? undefined : await Simulator.start({ speed: SIMULATOR_SPEED });
	const baseUrl = simulator?.baseUrl ?? normalizeBaseUrl(process.env.COMETAPI_BASE_URL);
	const apiKey = key ?? SIMULATOR_API_KEY;
	console.log(simulator ? 'No COMETAPI_KEY is set: asking the built-in simulator.\n' : `Asking ${baseUrl}.\n`);
	const ask = askByFetch(baseUrl, apiKey);
	const today = new Date().toISOString().slice(0, 10);
	const fixtures = new LiveFixtures(options.out, baseUrl, [apiKey], today, simulator ? 'simulator' : 'live');
	const all = await checkRoutes(ask, (checked) => fixtures.writeAnswer(checked));
	console.log(report(all));
	if (options.paid) {
		const list = all.find(({ row }) => row.route === 'GET /api/models')?.reply;
		const catalogue = list ? parseCatalogue(parseJson(list.body)) : [];
		console.log(`\nThe cheapest clip of each provider, at most ${options.maxUsd} USD together:`);
		const { maxUsd, providers } = options;
		const settings = {
			...{ maxUsd, providers, fixtures },
			onDone: ({ provider, model, estimatedUsd, outcome }: Awaited<ReturnType<typeof makePaidClips>>[number]) =>
				console.log(`  ${provider} ${model}: ${outcome}${estimatedUsd > 0 ? ` (about ${estimatedUsd} USD)` : ''}`),
		};
		await makePaidClips(ask, catalogue, settings);
	}
	console.log(`\n${fixtures.written.length} redacted answers are in ${options.out}.`);
	await simulator?.close();
	process.exit(all.some(({ row: { result } }) => result === 'differs' || result === 'notThere') ? 1 : 0);
}

main().catch((error: unknown) => {
	const { message, advice } = toCometApiVideoError(error);
	console.error([message, advice].filter(Boolean).join('\n'));
	process.exit(1);
});
