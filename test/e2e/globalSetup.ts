/** Starts the n8n that all scenarios share, before the first of them. */
import { beginRun, startFreshN8n } from './host/testRun';
import type { RunningN8n } from './host/startN8n';
import { announceSharedN8n } from './sharedN8n';

declare global {
	/** `var`, because only that makes a property of globalThis. */
	var sharedN8n: RunningN8n | undefined;
}

export default async function setUp(): Promise<void> {
	// Ctrl+C ends jest without its teardown; leaving this way takes n8n along.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
	beginRun();
	const startedAt = Date.now();
	globalThis.sharedN8n = await startFreshN8n({ name: 'n8n', onProgress: (line) => console.log(line) });
	announceSharedN8n(globalThis.sharedN8n);
	console.log(`\nn8n is ready after ${Math.round((Date.now() - startedAt) / 1000)} s: ${globalThis.sharedN8n.baseUrl}`);
}
