/** Where n8n keeps files: n8n 2 writes to `filesystem` unless it is told otherwise, and to `database` in queue mode. */
import { sampleVideo } from '../simulator/simulator';
import { findFreePortBetween } from './host/findFreePort';
import type { RunningN8n } from './host/startN8n';
import { startFreshN8n } from './host/testRun';
import { Scenario } from './scenario';
import { chain, generate, GENERATE, manualTrigger, rows } from './workflowParts';

let n8n: RunningN8n;
let scenario: Scenario;

afterEach(async () => {
	await scenario.close();
	await n8n.stop();
});

/** What the ID of a file begins with, by mode. */
const STORES: Record<string, string | undefined> = { default: undefined, filesystem: 'filesystem-v2', database: 'database' };

test.each(Object.keys(STORES))('with the binary data mode %s the file is the video, byte for byte', async (mode) => {
	const port = await findFreePortBetween(5810, 5849);
	n8n = await startFreshN8n({ name: `binary-${mode}`, port, environment: { N8N_DEFAULT_BINARY_DATA_MODE: mode } });
	scenario = await Scenario.start({}, n8n.client);
	const execution = await scenario.run(chain('File', manualTrigger(), ...rows([{ prompt: 'A paper boat' }]), generate()));
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	const file = execution.file(GENERATE);
	// Where n8n says it lies: in the execution itself, in a file, in a table of the database.
	expect(file.id?.split(':')[0]).toBe(STORES[mode]);
	const bytes = await n8n.client.downloadBinary(file);
	expect(bytes.equals(sampleVideo)).toBe(true);
});
