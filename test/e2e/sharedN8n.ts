/** The n8n that all scenarios share: globalSetup.ts starts it, and hands it to the test files by an environment variable. */
import type { RunningN8n } from './host/startN8n';
import { N8nClient } from './host/n8nClient';

const VARIABLE = 'N8N_E2E_SHARED';

export interface SharedN8n {
	baseUrl: string;
	sessionCookie: string;
	logFile: string;
	userFolder: string;
}

export function announceSharedN8n({ baseUrl, client: { sessionCookie }, logFile, userFolder }: RunningN8n): void {
	const shared: SharedN8n = { baseUrl, sessionCookie, logFile, userFolder };
	process.env[VARIABLE] = JSON.stringify(shared);
}

/** @throws outside `npm run test:e2e` */
export function readSharedN8n(): SharedN8n {
	const text = process.env[VARIABLE];
	if (!text) throw new Error('No n8n is running for the scenarios. Start them with: npm run test:e2e');
	return JSON.parse(text) as SharedN8n;
}

/** In the session of the setup: n8n allows few sign-ins a minute. */
export function connectToSharedN8n(): N8nClient {
	const { baseUrl, sessionCookie } = readSharedN8n();
	return N8nClient.resume(baseUrl, sessionCookie);
}
