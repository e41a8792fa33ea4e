/** Ends the n8n that globalSetup.ts has started, and those that scenarios have left. */
import { endRun } from './host/testRun';

export default async function tearDown(): Promise<void> {
	await globalThis.sharedN8n?.stop();
	endRun();
}
