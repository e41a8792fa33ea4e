/** The parameters of Model > Get Many. */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllProperties } from './listFields';
import { optionCollection } from './optionCollection';

const GET_MANY = { resource: ['model'], operation: ['getAll'] };

export const modelListProperties: INodeProperties[] = [
	...returnAllProperties(GET_MANY),
	optionCollection({ displayName: 'Filters', name: 'filters', entry: 'Filter' }, { show: GET_MANY }, [
		{
			displayName: 'Feature',
			name: 'feature',
			type: 'options',
			options: [
				{ name: 'Image to Video', value: 'image-to-video' },
				{ name: 'Text to Video', value: 'text-to-video' },
				{ name: 'Video Editing', value: 'video-editing' },
			],
			default: 'text-to-video',
			description: 'What the model can do',
		},
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'string',
			default: '',
			placeholder: 'e.g. ByteDance',
			description: "Part of the maker's name, or of a provider's name in this node",
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			default: '',
			placeholder: 'e.g. fast',
			description: 'Part of the model ID or its description',
		},
	]),
];
