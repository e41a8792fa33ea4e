/** The examples as a person sees them who has just imported one. Pictures: out/e2e/canvases/. */
import { join } from 'node:path';
import { editor, scenario, useEditor } from './browser/editorSession';
import { EXAMPLE_FILES, readExample } from './exampleWorkflows';
import { REPORT_FOLDER } from './host/projectFolder';

const FOLDER = join(REPORT_FOLDER, 'canvases');

useEditor({ width: 1500, height: 860 });

test.each(EXAMPLE_FILES)('%s: the notes are large enough for their text', async (file) => {
	const { id } = await scenario.importWorkflow(readExample(file));
	await editor.openWorkflow(id);
	await editor.element('zoom-to-fit').click();
	await editor.takePicture(join(FOLDER, file.replace('.json', '.png')));
	const notes = await editor.element('sticky').all();
	expect(notes.length).toBeGreaterThan(0);
	for (const note of notes) {
		const box = await editor.boxAround(note);
		const text = await editor.boxAround(note.locator('h2, p'));
		expect(text.y + text.height).toBeLessThanOrEqual(box.y + box.height);
	}
});
