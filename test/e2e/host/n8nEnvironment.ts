/**
 * Settings of an n8n that talks to nobody but this machine. What a setting does:
 * https://docs.n8n.io/hosting/configuration/environment-variables/
 */
import { delimiter, join } from 'node:path';
import type { InstalledN8n } from './installedN8n';

/** Calls to n8n's makers, and questions that n8n asks in the editor. */
const QUIET: Readonly<Record<string, string>> = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PYTHON_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry',
};

export interface EnvironmentOptions {
	installed: InstalledN8n;
	userFolder: string;
	port: number;
	/** Where n8n hands work to its task runners; each running n8n needs a port of its own. */
	brokerPort: number;
}

/** Nothing of this process's environment but what a program needs to run: a test behaves the same on every machine. */
export function buildN8nEnvironment({
	installed,
	userFolder,
	port,
	brokerPort,
}: EnvironmentOptions): Record<string, string> {
	const { HOME = userFolder, LANG = 'C.UTF-8', PATH = '', TMPDIR } = process.env;
	return {
		HOME,
		LANG,
		PATH: `${join(installed.nodeFolder, 'bin')}${delimiter}${PATH}`,
		...(TMPDIR ? { TMPDIR } : {}),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_PROTOCOL: 'http',
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		// Seconds that running executions get when n8n is asked to stop; n8n's own default is 30.
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		GENERIC_TIMEZONE: 'UTC',
		...QUIET,
	};
}
