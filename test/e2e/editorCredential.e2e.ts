/** A person makes the credential in n8n's dialog: a wrong key is told at once and in words, the right one is accepted. */
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { editor, scenario, useEditor } from './browser/editorSession';
import { chain, cometApi, manualTrigger } from './workflowParts';

const NODE = 'CometAPI Video';

useEditor();

test('a wrong key fails with what to do, the right one succeeds', async () => {
	const { id } = await scenario.importWorkflow(
		chain('Credential', manualTrigger(), cometApi(NODE, { prompt: 'A boat' })),
	);
	await editor.openWorkflow(id);
	await editor.openNode(NODE);
	await editor.element('node-credentials-select', editor.panel).click();
	await editor.element('node-credentials-select-item-new').click();

	const dialog = editor.credentialDialog;
	const type = async (name: string, text: string) =>
		await editor.element(`parameter-input-${name}`, dialog).locator('input').fill(text);
	await type('apiKey', 'sk-wrong');
	await type('baseUrl', scenario.simulator.baseUrl);
	await editor.element('credential-save-button').click();
	await dialog.getByText('More details').click();
	await dialog.getByText('CometAPI does not accept the API key. Copy it again from the CometAPI console.').waitFor();

	await type('apiKey', SIMULATOR_API_KEY);
	await editor.element('credential-save-button').click();
	// n8n closes the dialog itself when the test has succeeded.
	await dialog.waitFor({ state: 'hidden' });
	await editor.element('credential-edit-button').click();
	await dialog.getByText('Connection tested successfully').waitFor();
	// The catalogue of models is read without a key.
	const tried = scenario.simulator.requests
		.filter(({ path }) => path === '/v1/models')
		.map(({ headers }) => headers.authorization);
	expect(new Set(tried)).toEqual(new Set(['Bearer sk-wrong', `Bearer ${SIMULATOR_API_KEY}`]));
});
