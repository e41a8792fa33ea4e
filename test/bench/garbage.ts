import { setTimeout as pause } from 'node:timers/promises';

/** Collects what is not used any more, twice with a pause, so that what finalizers free is gone as well. */
export async function collectGarbage(): Promise<void> {
	if (!globalThis.gc) throw new Error('Start Node with --expose-gc');
	globalThis.gc();
	await pause(100);
	globalThis.gc();
}
