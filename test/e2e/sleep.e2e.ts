/** While Waiting: Sleep After Two Minutes, on a complete n8n. Real time: two minutes awake, then sleeps of 65 seconds. */
import { sampleVideo } from '../simulator/simulator';
import { Scenario } from './scenario';
import { chain, generate, GENERATE, manualTrigger, rows } from './workflowParts';

const SLEEP = { whileWaiting: 'sleep' };
const TIMEOUT_MS = 600_000;

let scenario: Scenario;

beforeAll(async () => {
	scenario = await Scenario.start({ speed: 1, taskSeconds: 150 });
});

afterAll(async () => {
	await scenario?.close();
});

test(
	'a video comes out of its sleep with its file',
	async () => {
		const { client } = scenario;
		const { id, nodes } = await scenario.importWorkflow(
			chain('Sleep', manualTrigger(), ...rows([{ prompt: 'A paper boat' }]), generate({ downloadVideo: true, options: SLEEP })),
		);
		const executionId = await client.runWorkflow(id, nodes[0].name);
		const asleep = await client.waitForExecution(executionId, ({ status }) => status === 'waiting', TIMEOUT_MS);
		console.log(JSON.stringify(asleep.output(GENERATE)));
		const execution = await client.waitForExecution(executionId, undefined, TIMEOUT_MS);
		console.log(JSON.stringify(execution.output(GENERATE)), execution.status, execution.errorText);
		expect((await client.downloadBinary(execution.file(GENERATE))).equals(sampleVideo)).toBe(true);
	},
	TIMEOUT_MS,
);
