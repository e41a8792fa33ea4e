/** One simulator and one editor for all tests of a file. */
import { Scenario } from '../scenario';
import { Editor } from './editor';
import type { EditorOptions } from './editor';

export let scenario: Scenario;
export let editor: Editor;

/** Opens them before the first test, and closes them after the last one. */
export function useEditor(options?: EditorOptions): void {
	beforeAll(async () => {
		scenario = await Scenario.start();
		editor = await Editor.open(options);
	});

	afterAll(async () => {
		await editor?.close();
		await scenario?.close();
	});
}
