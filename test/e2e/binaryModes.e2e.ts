/** Where n8n keeps files: n8n 2 writes to `filesystem` unless it is told otherwise, and to `database` in queue mode. */
import { sampleVideo } from '../simulator/simulator';
import type { RunningN8n } from './host/startN8n';
import { startFreshN8n } from './host/testRun';
import { Scenario } from './scenario';
import { chain, cometApi, generate, GENERATE, manualTrigger, rows } from './workflowParts';

/** What the ID of a file begins with, by mode; without one the file is a part of the execution. */
const STORES: Record<string, string | undefined> = {
	default: undefined,
	filesystem: 'filesystem-v2',
	database: 'database',
};

let n8n: RunningN8n | undefined;
let scenario: Scenario | undefined;

afterEach(async () => {
	await scenario?.close();
	await n8n?.stop();
});

test.each(Object.keys(STORES))(
	'with the binary data mode %s the file is the video, byte for byte, and can be joined',
	async (mode) => {
		n8n = await startFreshN8n({ name: `binary-${mode}`, environment: { N8N_DEFAULT_BINARY_DATA_MODE: mode } });
		scenario = await Scenario.start({}, n8n.client);
		const execution = await scenario.run(
			chain(
				'File',
				manualTrigger(),
				...rows([{ prompt: 'A paper boat' }, { prompt: 'A lighthouse' }]),
				generate(),
				cometApi('Join', { resource: 'video', operation: 'join' }),
			),
		);
		expect([execution.status, execution.errorText]).toEqual(['success', '']);
		const file = execution.file(GENERATE);
		expect(file.id?.split(':')[0]).toBe(STORES[mode]);
		const bytes = await n8n.client.downloadBinary(file);
		expect(bytes.equals(sampleVideo)).toBe(true);
		const joined = execution.file('Join');
		expect(joined.id?.split(':')[0]).toBe(STORES[mode]);
		const { fileSizeBytes, ...row } = execution.row('Join');
		expect(row).toMatchObject({ clips: 2, durationSeconds: 4 });
		expect((await n8n.client.downloadBinary(joined)).length).toBe(fileSizeBytes);
	},
);
