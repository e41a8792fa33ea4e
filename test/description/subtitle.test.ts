/** The line below the node's name on the canvas, evaluated as n8n's editor does. */
import type { INode, INodeParameters } from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { NODE_TYPE } from '../support/videoNode';

const type = new CometApiVideo();

function subtitleOf(choices: INodeParameters): unknown {
	const { description } = type;
	const parameters = NodeHelpers.getNodeParameters(
		description.properties,
		choices,
		true,
		false,
		{ typeVersion: 1 },
		description,
	);
	const node: INode = {
		id: '1',
		name: 'Video',
		type: NODE_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters ?? {},
	};
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ id: '1', nodes: [node], connections: {}, active: false, nodeTypes });
	return workflow.expression.getSimpleParameterValue(
		workflow.getNode('Video') as INode,
		description.subtitle,
		'manual',
		{},
		undefined,
		'unknown',
	);
}

test.each<[INodeParameters, string]>([
	[{}, 'Seedance: text to video, doubao-seedance-2-0'],
	[{ provider: 'kling' }, 'Kling: text to video, kling-v3'],
	[{ provider: 'kling', mode: 'avatar' }, 'Kling: avatar'],
	[
		{ provider: 'wan', mode: 'imageToVideo', model: { __rl: true, mode: 'id', value: 'wan9' } },
		'Wan: image to video, wan9',
	],
	[
		{ provider: 'custom', mode: 'anyModel', model: { __rl: true, mode: 'id', value: 'model-of-tomorrow' } },
		'Other Model: any model, model-of-tomorrow',
	],
	[{ operation: 'join' }, 'join: video'],
	[{ resource: 'task', operation: 'wait' }, 'wait: task'],
	[{ resource: 'account' }, 'getBalance: account'],
])('%j', (choices, subtitle) => {
	expect(subtitleOf(choices)).toBe(subtitle);
});
