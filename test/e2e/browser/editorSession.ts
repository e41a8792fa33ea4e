/** One simulator and one editor for all tests of a file. */
import type { RunningN8n } from '../host/startN8n';
import { startFreshN8n } from '../host/testRun';
import { Scenario } from '../scenario';
import { Editor } from './editor';
import type { EditorOptions } from './editor';

export let scenario: Scenario;
export let editor: Editor;

export interface EditorSessionOptions extends EditorOptions {
	/**
	 * The name of its log: an n8n for this file alone. In the one that all share, n8n gives a node that is added by hand the credential of
	 * whichever file has made one last.
	 */
	ownN8n?: string;
}

/** Opens them before the first test, and closes them after the last one. */
export function useEditor({ ownN8n, ...options }: EditorSessionOptions = {}): void {
	let own: RunningN8n | undefined;

	beforeAll(async () => {
		own = ownN8n === undefined ? undefined : await startFreshN8n({ name: ownN8n });
		scenario = await Scenario.start({}, own?.client);
		const n8n = own && { baseUrl: own.baseUrl, sessionCookie: own.client.sessionCookie };
		editor = await Editor.open({ ...options, n8n });
	});

	afterAll(async () => {
		await editor?.close();
		await scenario?.close();
		await own?.stop();
	});
}
