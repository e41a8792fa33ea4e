/** An n8n, a simulator and a look into the data tables, for all tests of a file that do not share an n8n with the others. */
import type { SimulatorOptions } from '../simulator/simulator';
import { openTables } from './dataTableScenario';
import type { DataTablesClient } from './host/dataTablesClient';
import { restartN8n } from './host/restartN8n';
import type { RunningN8n } from './host/startN8n';
import { startFreshN8n } from './host/testRun';
import { Scenario } from './scenario';

/** On a busy machine, the installation included. */
const START_TIMEOUT_MS = 600_000;

export let n8n: RunningN8n;
export let scenario: Scenario;
/** A look into the tables only: a node gets a key when a test gives it one. */
export let tables: DataTablesClient;

/**
 * Starts them before the first test, and ends them after the last one.
 * @param name of the log in `out/e2e/`
 * @param environment of n8n
 */
export function useOwnN8n(
	name: string,
	{ environment, ...simulator }: SimulatorOptions & { environment?: Readonly<Record<string, string>> } = {},
): void {
	beforeAll(async () => {
		n8n = await startFreshN8n({ name, environment });
		scenario = await Scenario.start(simulator, n8n.client);
		tables = await openTables(n8n.client);
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await scenario?.close();
		await n8n?.stop();
	}, START_TIMEOUT_MS);
}

/** When it has ended. Sessions, keys and addresses stay valid. */
export async function restartOwnN8n(): Promise<void> {
	n8n = await restartN8n(n8n);
}
