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
	[{}, 'Seedance · Text to Video'],
	[{ provider: 'kling', mode: 'imageToVideo' }, 'Kling · Image to Video'],
	[{ operation: 'extend' }, 'Kling · Extend'],
	[{ operation: 'extend', mode: 'imageToVideo' }, 'Kling · Extend'],
	[{ operation: 'upscale' }, 'Runway · Upscale'],
	[{ operation: 'edit', provider: 'runway' }, 'Runway · Video to Video'],
	[{ provider: 'custom' }, 'Other Model · Any Model'],
	[{ operation: 'join' }, 'Video · Join'],
	[{ resource: 'audio' }, 'Kling · Generate Speech'],
	[{ resource: 'task', operation: 'wait', provider: 'kling', mode: 'imageToVideo' }, 'Task · Wait'],
	[{ resource: 'account' }, 'Account · Get Balance'],
])('%j', (choices, subtitle) => {
	expect(subtitleOf(choices)).toBe(subtitle);
});
