import { locateN8n } from './installedN8n';
import { startN8n, type RunningN8n } from './startN8n';

/** Starts an n8n that has ended again, with the same settings, folder, port and log: credentials with its address and sessions stay valid. */
export async function restartN8n({ userFolder, baseUrl, environment, logFile }: RunningN8n): Promise<RunningN8n> {
	const port = Number(new URL(baseUrl).port);
	return await startN8n({ installed: locateN8n(), userFolder, port, environment, logFile });
}
